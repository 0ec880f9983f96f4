import { describe, expect, it } from 'vitest';
import {
  checkedLookup,
  isReachable,
  RefusedAddress,
  refuseAddress,
} from '../../../../src/adapters/rss/http/addresses.ts';

const PRIVATE = [
  '127.0.0.1',
  '10.1.2.3',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '::1',
  'fd00::1',
  '::ffff:10.0.0.1',
  '::127.0.0.1',
];
// Cloud metadata, link-local, unspecified, multicast, reserved, and addresses that stand for others.
const NEVER = [
  '169.254.169.254',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  'fe80::1',
  '0.0.0.0',
  '::',
  '255.255.255.255',
  '224.0.0.1',
  'ff02::1',
  '192.0.2.1',
  '198.18.0.1',
  '240.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  '2002:7f00:1::',
  '2001::1',
  '2001:db8::1',
  'fec0::1',

  'not an address',
];

describe('isReachable', () => {
  it.each(['93.184.216.34', '8.8.8.8', '2606:2800:220:1:248:1893:25c8:1946'])('%s is public', (address) => {
    expect(isReachable(address, 'public')).toBe(true);
  });

  it.each(PRIVATE)('%s is for feeds that may look inside only', (address) => {
    expect(isReachable(address, 'public')).toBe(false);
    expect(isReachable(address, 'private-too')).toBe(true);
  });

  it.each(NEVER)('%s is never connected to', (address) => {
    expect(isReachable(address, 'public')).toBe(false);
    expect(isReachable(address, 'private-too')).toBe(false);
  });
});

describe('refuseAddress', () => {
  it.each([
    'http://127.0.0.1/',
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://127.1/',
    'http://[::1]/',
    'http://[::ffff:7f00:1]/',
    'http://169.254.169.254/latest/',
    'http://0/',
  ])('sees through the spelling of %s', (url) => {
    expect(() => refuseAddress(new URL(url), 'public')).toThrow(RefusedAddress);
  });

  it('leaves names to the look-up', () => {
    expect(() => refuseAddress(new URL('http://localhost/'), 'public')).not.toThrow();
  });
});

describe('checkedLookup', () => {
  const look = (reach: 'public' | 'private-too', all: boolean) =>
    new Promise((resolve) => {
      checkedLookup(reach)('localhost', { all }, (error, address) => resolve(error ?? address));
    });

  it('refuses a name that leads inside, and says so', async () => {
    const refused = (await look('public', true)) as Error;
    expect(refused).toBeInstanceOf(RefusedAddress);
    expect(refused.message).toMatch(/localhost \(.+\) is not an address of the public internet/);
  });

  it('gives the addresses it checked', async () => {
    expect(await look('private-too', false)).toMatch(/^(127\.0\.0\.1|::1)$/);
    expect(await look('private-too', true)).toContainEqual(
      expect.objectContaining({ family: expect.any(Number) }),
    );
  });
});
