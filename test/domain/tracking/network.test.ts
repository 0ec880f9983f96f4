import { describe, expect, it } from 'vitest';
import { DATA_CENTRE_NETWORKS } from '../../../src/domain/tracking/data-centres.ts';
import {
  addressBytes,
  makeKeepAddress,
  networkList,
  ownNetwork,
  parseNetwork,
  plainAddress,
  shortenAddress,
} from '../../../src/domain/tracking/network.ts';
import { gatewayOf, SCANNER_NETWORKS } from '../../../src/domain/tracking/scanners.ts';

describe('what is kept of a network address', () => {
  it.each([
    ['192.0.2.7', '192.0.2.0/24'],
    ['::ffff:192.0.2.7', '192.0.2.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['2001:db8:1::/48', '2001:db8:1::/48'],
    ['no address', 'no address'],
    [null, null],
  ])('%s → %s', (address, kept) => {
    expect(shortenAddress(address)).toBe(kept);
  });

  it('hashed: equal for one network, different for two, and nothing can be read from it', () => {
    const keep = makeKeepAddress('hashed', 'a secret');
    const kept = keep('192.0.2.7');
    expect(kept).toMatch(/^hashed:[\w-]{16}$/);
    expect(keep('192.0.2.99')).toBe(kept);
    expect(keep('192.0.3.7')).not.toBe(kept);
    expect(makeKeepAddress('hashed', 'another secret')('192.0.2.7')).not.toBe(kept);
    expect(keep(kept)).toBe(kept);
    expect(keep(null)).toBeNull();
  });
});

describe('networks', () => {
  it.each([
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1:2:3:4:5:6:7',
    '1::2::3',
    '12345::',
    '',
    'g::',
    '::1.2.3.999',
  ])('"%s" is no address', (text) => expect(addressBytes(text)).toBeNull());

  it.each([
    '192.0.2.0/33',
    '192.0.2.0/0',
    '2001:db8::/129',
    '192.0.2.0/x',
    '192.0.2.0/24/1',
    'example.com/24',
  ])('"%s" is no network', (text) => expect(parseNetwork(text)).toBeNull());

  it('are recognised by their addresses, at every length', () => {
    const isIn = networkList(['192.0.2.0/24', '198.51.100.128/25', '203.0.113.9', '2001:db8::/33']);
    expect(['192.0.2.255', '198.51.100.200', '203.0.113.9', '2001:db8:7fff::1'].map(isIn)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['192.0.3.0', '198.51.100.127', '203.0.113.8', '2001:db8:8000::1', 'x', null].map(isIn)).toEqual(
      Array(6).fill(false),
    );
  });

  it('that are shipped are all networks', () => {
    expect(() => networkList(SCANNER_NETWORKS)).not.toThrow();
    expect(networkList(SCANNER_NETWORKS)('67.231.152.1')).toBe(true);
    const isCloud = networkList(DATA_CENTRE_NETWORKS);
    expect(['54.171.3.4', '20.82.1.1', '35.205.1.1', '2600:1f18::1'].map(isCloud)).toEqual(
      Array(4).fill(true),
    );
    // Apple's relay, documentation, a home.
    expect(['17.58.1.1', '192.0.2.1', '81.2.3.4'].map(isCloud)).toEqual(Array(3).fill(false));
  });
});

it.each([
  [['eu-smtp-inbound-1.mimecast.com'], [], 'Mimecast'],
  [['mx0a-001.PPHosted.com.'], [], 'Proofpoint'],
  [['mx.example.com'], ['example.com'], 'example.com'],
  [['aspmx.l.google.com'], [], null],
  [['notmimecast.com'], [], null],
  [[], [], null],
])('the gateway of %s (own: %s) is %s', (mx, own, gateway) => {
  expect(gatewayOf(mx, own)).toBe(gateway);
});

describe('what proxies write as an address', () => {
  it.each([
    ['203.0.113.7:51234', '203.0.113.7'],
    ['203.0.113.7', '203.0.113.7'],
    [' 203.0.113.7 ', '203.0.113.7'],
    ['[2001:db8:1:2::7]:50037', '2001:db8:1:2::7'],
    ['[2001:db8:1:2::7]', '2001:db8:1:2::7'],
    ['"[2001:db8:1:2::7]:50037"', '2001:db8:1:2::7'],
    ['2001:DB8:1:2:0:0:0:7', '2001:db8:1:2::7'],
    ['2001:db8:1:2:0:0:0:7:50037', '2001:db8:1:2::7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['fe80::1%eth0', 'fe80::1'],
    ['::1', '::1'],
    ['unknown', null],
    ['_hidden', null],
    ['', null],
    ['203.0.113.700', null],
    ['203.0.113.7:99999999', null],
    ['<script>', null],
    ['evil.example:443', null],
    ['1.2.3.4, 5.6.7.8', null],
  ])('%s is %s', (text, address) => {
    expect(plainAddress(text)).toBe(address);
  });

  it('an IPv6 connection has a whole /64', () => {
    expect(ownNetwork('2001:db8:1:2::7')).toBe(ownNetwork('2001:db8:1:2:ffff::1'));
    expect(ownNetwork('2001:db8:1:2::7')).not.toBe(ownNetwork('2001:db8:1:3::7'));
    expect(ownNetwork('203.0.113.7')).toBe('203.0.113.7');
  });
});
