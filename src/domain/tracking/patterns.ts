import { comparable, standardAddress, standardPattern } from '../address.ts';

/** Whether a value is like a pattern, in which "*" stands for anything. */
export type Fits = (value: string) => boolean;

/** Clicked addresses: each begins like the pattern, however either of them is written. */
export function addressFits(pattern: string): Fits {
  const begins = beginning(standardPattern(pattern) ?? pattern);
  return (address) => begins(comparable(standardAddress(address) ?? address));
}

/** Visited pages: like addresses, with their site or without it ("/pricing" is meant on whichever site it stands). */
export function pageFits(pattern: string): Fits {
  const begins = beginning(standardPattern(pattern) ?? pattern);
  return (page) => {
    const address = comparable(standardAddress(page) ?? page);
    return begins(address) || begins(address.replace(/^[a-z]+:\/\/[^/]*/i, '') || '/');
  };
}

/** Names of forms, files and touchpoints: like the pattern as a whole. */
export function nameFits(pattern: string): Fits {
  const parts = pattern.split('*');
  const last = parts.length > 1 ? parts.pop()! : '';
  const begins = inOrder(parts);
  return (name) => {
    const end = begins(name);
    if (end === -1) return false;
    return last === '' && !pattern.endsWith('*')
      ? end === name.length
      : name.length - last.length >= end && name.endsWith(last);
  };
}

function beginning(pattern: string): Fits {
  const begins = inOrder(pattern.split('*').map(comparable));
  return (value) => begins(value) !== -1;
}

/** Where the last of the parts ends when they follow each other, the first at the beginning; -1 when they do not. */
function inOrder([first = '', ...rest]: readonly string[]): (value: string) => number {
  return (value) => {
    let at = value.startsWith(first) ? first.length : -1;
    for (const part of rest) {
      const found = at === -1 ? -1 : value.indexOf(part, at);
      at = found === -1 ? -1 : found + part.length;
    }
    return at;
  };
}
