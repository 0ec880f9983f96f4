import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeReturnPath, readReturnPath } from '../../../src/domain/returns/return-path.ts';

const SECRETS = ['the secret that signs now', 'the one before'];
const DOMAIN = 'bounces.example.com';

describe('a return path', () => {
  it('tells again which mail it was, whatever case it comes back in, and fits into a local part', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('delivery' as const, 'outbox' as const),
        fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
        (kind, id) => {
          const address = makeReturnPath(SECRETS, { kind, id }, DOMAIN);
          expect(address.split('@')[0]!.length).toBeLessThanOrEqual(64);
          expect(address).toMatch(/^[a-z0-9-]+@/);
          expect(readReturnPath(SECRETS, address, DOMAIN)).toEqual({ kind, id });
          expect(readReturnPath(SECRETS, address.toUpperCase(), DOMAIN)).toEqual({ kind, id });
        },
      ),
    );
  });

  it('made with the secret before is still known; one of a stranger is not', () => {
    const subject = { kind: 'delivery', id: 77 } as const;
    const old = makeReturnPath([SECRETS[1]!], subject, DOMAIN);
    expect(readReturnPath(SECRETS, old, DOMAIN)).toEqual(subject);
    expect(readReturnPath(SECRETS, makeReturnPath(['a guess'], subject, DOMAIN), DOMAIN)).toBeNull();
  });

  it.each([
    ['another mail’s MAC', (address: string) => address.replace('b-d25-', 'b-d26-')],
    ['another kind', (address: string) => address.replace('b-d', 'b-o')],
    ['a leading nought', (address: string) => address.replace('b-d', 'b-d0')],
    ['another domain', (address: string) => address.replace('@', '@x.')],
    ['a shortened MAC', (address: string) => address.replace(/.@/, '@')],
    ['no local part', () => `@${DOMAIN}`],
    ['nothing', () => ''],
  ])('%s is refused', (_, change) => {
    const address = makeReturnPath(SECRETS, { kind: 'delivery', id: 77 }, DOMAIN);
    expect(readReturnPath(SECRETS, change(address), DOMAIN)).toBeNull();
  });
});
