import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** What may be connected to: 'public' addresses only, or also those inside the company's own network. */
export type Reach = 'public' | 'private-too';

const PRIVATE = ['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'];
/** 2000::/3 is all that is given out for the public internet (RFC 4291). */
const GLOBAL_V6 = ipaddr.parseCIDR('2000::/3');

/** Where clouds hand out keys to whoever asks from inside, outside the link-local range. Never, whatever is allowed. */
const METADATA = ['100.100.100.200', '168.63.129.16', '192.0.0.192', 'fd00:ec2::254', 'fd20:ce::254'];

export class RefusedAddress extends Error {}

/**
 * Whether an address may be connected to. Link-local addresses (cloud metadata) never may, nor anything that stands
 * for another address (mapped, NAT64, 6to4, Teredo): those are looked at for what they stand for, or refused.
 */
export function isReachable(address: string, reach: Reach): boolean {
  if (!ipaddr.isValid(address)) return false;
  // Turns ::ffff:10.0.0.1 into 10.0.0.1.
  const parsed = ipaddr.process(address);
  if (METADATA.includes(parsed.toString())) return false;
  const range = parsed.range();
  if (reach === 'private-too' && PRIVATE.includes(range)) return true;
  if (range !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_V6);
}

/** Throws RefusedAddress when the URL names an address, in whatever spelling, that may not be connected to. */
export function refuseAddress(url: URL, reach: Reach): void {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isReachable(host, reach)) throw refused(host, [host]);
}

/**
 * A DNS look-up for node:net that gives only addresses that may be connected to. The connection is made to the very
 * address that was checked, so a name that changes between the check and the connection gains nothing.
 */
export function checkedLookup(reach: Reach): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '');
      const allowed = found.filter(({ address }) => isReachable(address, reach));
      const [first] = allowed;
      if (!first) {
        return callback(
          refused(
            host,
            found.map(({ address }) => address),
          ),
          '',
        );
      }
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

function refused(host: string, addresses: string[]): RefusedAddress {
  const at = addresses.includes(host) ? host : `${host} (${addresses.join(', ')})`;
  const isOwnNetwork = addresses.some((address) => isReachable(address, 'private-too'));
  const whatToDo = isOwnNetwork
    ? '; a feed inside your own network needs allowPrivateNetwork: true'
    : '; it is never read';
  return new RefusedAddress(`${at} is not an address of the public internet${whatToDo}`);
}
