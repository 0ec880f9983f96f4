import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mailColours } from '../../../src/adapters/mail-templates/colours.ts';
import { contrast } from '../../../src/domain/colours.ts';

const colour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);
const light = fc.integer({ min: 0xd8, max: 0xff }).map((value) => `#${value.toString(16).repeat(3)}`);

it('keeps text readable in light and dark, whatever colours the brand has', () => {
  fc.assert(
    fc.property(colour, colour, light, (primary, text, background) => {
      const c = mailColours({ primary, accent: primary, text, background });
      const pairs = [
        ...['ink', 'soft', 'link'].flatMap((ink) => ['page', 'card', 'tint'].map((on) => [ink, on])),
        ...['ink', 'soft', 'link'].flatMap((ink) =>
          ['page', 'card', 'tint'].map((on) => [`dark-${ink}`, `dark-${on}`]),
        ),
        ['on-primary', 'primary'],
        ['on-primary-soft', 'primary'],
        ['on-dark-button', 'dark-button'],
        ['on-call', 'call'],
      ];
      for (const [ink, ground] of pairs) {
        expect(contrast(c[ink!]!, c[ground!]!), `${ink} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }),
    { numRuns: 200 },
  );
});
