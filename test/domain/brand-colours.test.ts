import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { brandStylesheet } from '../../src/domain/brand-colours.ts';
import { contrast } from '../../src/domain/colours.ts';

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((number) => `#${number.toString(16).padStart(6, '0')}`);

/** The tokens of the light and the dark look. */
function looks(css: string): Record<string, string>[] {
  return [...css.matchAll(/:root\{([^}]+)\}/g)].map(([, body = '']) =>
    Object.fromEntries(body.split(';').map((pair) => pair.split(':') as [string, string])),
  );
}

describe('brand colours', () => {
  it('measures contrast as WCAG does', () => {
    expect(contrast('#000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it('keeps text readable in light and dark, whatever colours a programme has', () => {
    fc.assert(
      fc.property(colour, colour, colour, (primary, accent, text) => {
        const css = brandStylesheet({ primary, accent, text, background: '#ffffff' });
        const both = looks(css);
        expect(both).toHaveLength(2);
        for (const look of both) {
          const of = (name: string) => look[name] ?? '';
          expect(contrast(of('--ink'), of('--surface'))).toBeGreaterThanOrEqual(7);
          expect(contrast(of('--ink'), of('--ground'))).toBeGreaterThanOrEqual(4.5);
          for (const ground of ['--surface', '--ground', '--tint']) {
            expect(contrast(of('--ink-soft'), of(ground))).toBeGreaterThanOrEqual(4.5);
            expect(contrast(of('--brand-ink'), of(ground))).toBeGreaterThanOrEqual(4.5);
          }
          expect(contrast(of('--on-brand'), of('--brand'))).toBeGreaterThanOrEqual(4.5);
          expect(contrast(of('--on-accent'), of('--accent'))).toBeGreaterThanOrEqual(4.5);
          expect(contrast(of('--edge'), of('--surface'))).toBeGreaterThanOrEqual(3);
        }
      }),
    );
  });
});
