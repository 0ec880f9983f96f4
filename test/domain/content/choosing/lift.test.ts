import { describe, expect, it } from 'vitest';
import { lift } from '../../../../src/domain/content/choosing/lift.ts';

describe('lift', () => {
  it('gives the interval of Newcombe’s worked example', () => {
    // Newcombe 1998, table II, (a): 56/70 against 48/80, method 10: 0.0524 to 0.3339.
    const found = lift({ readers: 70, times: 56 }, { readers: 80, times: 48 })!;
    expect(found.difference.value).toBeCloseTo(0.2, 10);
    expect(found.difference.from).toBeCloseTo(0.0524, 4);
    expect(found.difference.to).toBeCloseTo(0.3339, 4);
    expect(found.isSure).toBe(true);
  });

  it('gives the interval of Newcombe’s example with nobody in one group', () => {
    // (f): 10/10 against 0/20: 0.6791 to 1.
    const found = lift({ readers: 10, times: 10 }, { readers: 20, times: 0 })!;
    expect(found.difference.from).toBeCloseTo(0.6791, 4);
    expect(found.difference.to).toBeCloseTo(1, 4);
    expect(found.ratio).toBeNull();
  });

  it('gives the ratio with Katz’s interval', () => {
    // By hand: ln spread √(1/56 − 1/70 + 1/48 − 1/80).
    const { ratio } = lift({ readers: 70, times: 56 }, { readers: 80, times: 48 })!;
    expect(ratio!.value).toBeCloseTo(1.3333, 4);
    expect(ratio!.from).toBeCloseTo(1.0766, 4);
    expect(ratio!.to).toBeCloseTo(1.6512, 4);
  });

  it('is not sure of a difference that chance makes, and says nothing of an empty group', () => {
    expect(lift({ readers: 50, times: 10 }, { readers: 50, times: 9 })!.isSure).toBe(false);
    expect(lift({ readers: 0, times: 0 }, { readers: 50, times: 9 })).toBeNull();
  });
});
