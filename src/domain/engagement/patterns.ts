import { comparable, standardAddress, standardPattern } from '../address.ts';

/** Whether a value is like a pattern, in which "*" stands for anything. */
export type Fits = (value: string) => boolean;

/** Clicked addresses: each begins like the pattern, however either of them is written. */
export function addressFits(pattern: string): Fits {
  const begins = beginning(standardPattern(pattern) ?? pattern);
  return (address) => begins.test(comparable(standardAddress(address) ?? address));
}

/** Visited pages: like addresses, with their site or without it ("/pricing" is meant on whichever site it stands). */
export function pageFits(pattern: string): Fits {
  const begins = beginning(standardPattern(pattern) ?? pattern);
  return (page) => {
    const address = comparable(standardAddress(page) ?? page);
    return begins.test(address) || begins.test(address.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/');
  };
}

/** Names of forms, files and touchpoints: like the pattern as a whole. */
export function nameFits(pattern: string): Fits {
  const whole = glob(pattern.split('*'), '$');
  return (name) => whole.test(name);
}

function beginning(pattern: string): RegExp {
  return glob(pattern.split('*').map(comparable), '');
}

function glob(parts: readonly string[], end: string): RegExp {
  const literal = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('.*')}${end}`);
}
