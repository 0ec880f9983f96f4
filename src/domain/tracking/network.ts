import { macFor } from '../use-key.ts';

/** The bytes of an address, 4 or 16; null for what is none. An IPv4 address inside IPv6 (::ffff:…) is the IPv4 one. */
export function addressBytes(text: string): number[] | null {
  if (!text.includes(':')) return ipv4Bytes(text);
  const [address = ''] = text.split('%');
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const embedded = tail ? ipv4Bytes(tail[2]!) : null;
  if (tail && !embedded) return null;
  const plain = embedded
    ? `${tail![1]}${hex(embedded[0]!, embedded[1]!)}:${hex(embedded[2]!, embedded[3]!)}`
    : address;
  const bytes = ipv6Bytes(plain);
  const isMapped = bytes?.every((byte, at) => at > 11 || byte === (at < 10 ? 0 : 255)) ?? false;
  return bytes && isMapped ? bytes.slice(12) : bytes;
}

/**
 * The address alone of what a proxy wrote down: without a port ("192.0.2.7:443", "[2001:db8::7]:443"), brackets, quotes and
 * zone, in its usual spelling. Null for what is none ("unknown").
 */
export function plainAddress(text: string): string | null {
  const bare = text.trim().replace(/^"(.*)"$/, '$1');
  const [, address = bare] =
    /^\[([^\]]*)\](?::\d{1,5})?$/.exec(bare) ??
    /^(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}$/.exec(bare) ??
    // Some write a port behind an address that has all its groups.
    /^((?:[\da-f]{1,4}:){7}[\da-f]{1,4}):\d{1,5}$/i.exec(bare) ??
    [];
  const bytes = addressBytes(address);
  if (!bytes) return null;
  if (bytes.length === 4) return bytes.join('.');
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => hex(bytes[at]!, bytes[at + 1]!));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

/** What belongs to one connection: an address, or the /64 of an IPv6 one, of which each customer has all. */
export function ownNetwork(address: string): string {
  const bytes = addressBytes(address);
  if (bytes?.length !== 16) return address;
  return [0, 2, 4, 6].map((at) => hex(bytes[at]!, bytes[at + 1]!)).join(':');
}

function ipv4Bytes(text: string): number[] | null {
  if (!/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) return null;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

const hex = (high: number, low: number) => (high * 256 + low).toString(16);

function ipv6Bytes(text: string): number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = (half: string | undefined) => (half ? half.split(':') : []);
  const [front, back] = [groups(halves[0]), groups(halves[1])];
  const missing = 8 - front.length - back.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...front, ...Array<string>(missing).fill('0'), ...back];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
}

/**
 * The network an address belongs to, with the rest cut off: /24 for IPv4 ("192.0.2.0/24"), /48 for IPv6
 * ("2001:db8:1::/48"): enough to tell two offices apart, too little to tell two people apart. What is no address, or is
 * a network already, stays as it is.
 */
export function shortenAddress(address: string | null): string | null {
  if (address === null) return null;
  const bytes = addressBytes(address);
  if (!bytes) return address;
  if (bytes.length === 4) return `${bytes.slice(0, 3).join('.')}.0/24`;
  const groups = [0, 2, 4].map((at) => hex(bytes[at]!, bytes[at + 1]!));
  return `${groups.join(':')}::/48`;
}

/** Turns an address into what is kept of it. Doing it twice changes nothing. */
export type KeepAddress = (address: string | null) => string | null;

const HASHED = 'hashed:';

/**
 * 'shortened' keeps the network; 'hashed' keeps only a keyed hash of it, by which two hits can be seen to come from one
 * network and nothing else.
 */
export function makeKeepAddress(mode: 'shortened' | 'hashed', secret: string): KeepAddress {
  if (mode === 'shortened') return shortenAddress;
  return (address) => {
    if (address === null || address.startsWith(HASHED)) return address;
    const network = shortenAddress(address)!;
    return HASHED + macFor('network', secret, network, 12).toString('base64url');
  };
}

/** Whether an address lies in one of the networks ("192.0.2.0/24", "2001:db8::/32"). Made ready once, asked per hit. */
export function networkList(networks: readonly string[]): (address: string | null) => boolean {
  /** Length of prefix in bits, with the family, → the prefixes of that length. */
  const byLength = new Map<string, Set<string>>();
  for (const network of networks) {
    const parsed = parseNetwork(network);
    if (!parsed) throw new Error(`"${network}" is no network; allowed is 192.0.2.0/24 or 2001:db8::/32`);
    const name = `${parsed.bytes.length} ${parsed.bits}`;
    byLength.set(name, (byLength.get(name) ?? new Set()).add(prefix(parsed.bytes, parsed.bits)));
  }
  const lengths = [...byLength].map(([name, prefixes]) => {
    const [family, bits] = name.split(' ').map(Number) as [number, number];
    return { family, bits, prefixes };
  });
  return (address) => {
    const bytes = address === null ? null : addressBytes(address);
    if (!bytes) return false;
    return lengths.some(
      ({ family, bits, prefixes }) => family === bytes.length && prefixes.has(prefix(bytes, bits)),
    );
  };
}

/** Null when it is no network. A single address is the network of itself. */
export function parseNetwork(text: string): { bytes: number[]; bits: number } | null {
  const [address = '', length, more] = text.split('/');
  const bytes = addressBytes(address);
  if (!bytes || more !== undefined) return null;
  const most = bytes.length * 8;
  if (length === undefined) return { bytes, bits: most };
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  return bits >= 1 && bits <= most ? { bytes, bits } : null;
}

function prefix(bytes: readonly number[], bits: number): string {
  const whole = bytes.slice(0, bits >> 3);
  const rest = bits & 7;
  if (rest > 0) whole.push(bytes[bits >> 3]! & (256 - 2 ** (8 - rest)));
  return String.fromCharCode(...whole);
}
