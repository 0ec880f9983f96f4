/**
 * Addresses of pages, in the spelling that travels: a host in lower case and in ASCII ("xn--…"), everything else that is
 * not printable ASCII percent-encoded. That is what browsers make of an address, so it leads to the same page.
 */

/** Where paths of Simmer itself are read; it never shows. */
const OWN = 'http://own.invalid';

/** An address, or a path of Simmer itself that starts with "/", in that spelling; null for what is neither. */
export function standardAddress(written: string): string | null {
  // Line breaks and tabs are left out by whoever reads addresses; before anything is decided by the slashes.
  const text = written.trim().replace(/[\t\r\n]/g, '');
  if (text.startsWith('/')) {
    // "//host" and "/\host" would lead to another site.
    if (/^\/[/\\]|\\/.test(text)) return null;
    const { pathname, search, hash } = new URL(text, OWN);
    return pathname + search + hash;
  }
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text).href : null;
}

/**
 * The beginning of an address, as rules are written with: "*" stands for anything, and no slash is added behind a host
 * that ends with it.
 */
export function standardPattern(written: string): string | null {
  const standard = standardAddress(written);
  return standard !== null && /^https?:\/\/[^/?#\\]*\*$/i.test(written.trim())
    ? standard.replace(/\/$/, '')
    : standard;
}

/** Fit for a Location header: as it is where it can stand there, else in the spelling that travels. Never throws. */
export function headerAddress(address: string): string {
  if (/^[\x21-\x7e]+$/.test(address)) return address;
  return standardAddress(address) ?? encoded(address.trim().replace(/[\t\r\n]/g, ''));
}

/**
 * One spelling for all ways to write an address or the beginning of one, to compare by: what need not be
 * percent-encoded is not. It is no address to open.
 */
export function comparable(addressOrPart: string): string {
  return encoded(addressOrPart).replace(/%[0-9a-f]{2}/gi, (code) => {
    const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
    return /[A-Za-z0-9._~\-!$'()*,;:@[\]{}|^`]/.test(character) ? character : code.toUpperCase();
  });
}

function encoded(text: string): string {
  return text.replace(/[^\x21-\x7e]+/gu, (part) => encodeURIComponent(wellFormed(part)));
}

/** Half a character, which nothing can encode, becomes the sign for "no character". */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
