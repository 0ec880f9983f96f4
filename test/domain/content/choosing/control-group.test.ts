import { describe, expect, it } from 'vitest';
import { isInControlGroup } from '../../../../src/domain/content/choosing/control-group.ts';

const members = (share: number, from = 1, to = 100_000) => {
  let count = 0;
  for (let id = from; id <= to; id++) if (isInControlGroup(id, share)) count += 1;
  return count;
};

describe('isInControlGroup', () => {
  it('takes the share it is given, also of any thousand in a row', () => {
    expect(members(0.1) / 100_000).toBeCloseTo(0.1, 2);
    for (const from of [1, 1001, 55_001, 2 ** 33]) {
      expect(members(0.3, from, from + 999)).toBeGreaterThan(250);
      expect(members(0.3, from, from + 999)).toBeLessThan(350);
    }
    expect(members(0)).toBe(0);
  });

  it('lets nobody go when the share grows', () => {
    for (let id = 1; id <= 2000; id++) {
      if (isInControlGroup(id, 0.1)) expect(isInControlGroup(id, 0.2)).toBe(true);
    }
  });

  it('leaves the first readers, who set it up, their personal mails', () => {
    expect(members(0.1, 1, 60)).toBe(0);
  });
});
