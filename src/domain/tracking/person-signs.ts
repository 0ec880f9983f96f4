import type { Reason } from '../reason.ts';
import { type Browser, browserOf, type MailHit } from './mail-hit.ts';
import { isReading, type Sitting } from './pace.ts';

/** A button that the reader pressed: on the preference page, in a form, on the call-back page. */
export interface Press extends Browser {
  at: Date;
}

/** What is known beside the hits of a mail that may speak for a person. */
export interface PersonFacts {
  /** Of the reader, around the mail and before it. */
  presses?: readonly Press[];
  /** The links at the foot of the mail: the same in every mail, and hardly anybody follows more than one. */
  footer?: readonly number[];
}

/** Somebody who opens a mail needs so long until the first link is followed; what loads images for a scan does not wait. Milliseconds. */
const FIRST_LOOK_MS = 5_000;
/** A mail that was opened longer before has been put away. Milliseconds. */
const STILL_OPEN_MS = 1_800_000;
/** A button proves what the same browser did before it, up to so long; and what it goes on to do, for a while. Milliseconds. */
export const PROVEN_BEFORE_MS = 86_400_000;
const PROVEN_AFTER_MS = 3_600_000;
/** So many of the links at the foot are the foot. */
const FOOT = { links: 2, share: 0.5 };
/** Who has followed so many would have come to the foot by chance. */
const CHOSEN_LINKS = 4;

/**
 * What speaks for a person in a sitting, in reasons that count as signs. `opens` are those of the mail that nothing else says
 * are a machine's.
 */
export function personSigns(
  sitting: Sitting,
  opens: readonly MailHit[],
  { presses = [], footer = [] }: PersonFacts,
): Reason[] {
  const first = sitting[0]!;
  const since = (open: MailHit) => +first.at - +open.at;
  const isLooked = opens.some(
    (open) =>
      since(open) >= FIRST_LOOK_MS &&
      since(open) <= STILL_OPEN_MS &&
      (open.class === 'proxied' || open.network === first.network),
  );
  return [
    ...(isLooked ? [{ code: 'person.looked' as const }] : []),
    ...(isReading(sitting) ? [{ code: 'person.reading' as const }] : []),
    ...(isLooked && isLeavingFoot(sitting, footer) ? [{ code: 'person.left-foot' as const }] : []),
    ...(sitting.some(({ isVisited }) => isVisited) ? [{ code: 'person.loaded' as const }] : []),
    ...(presses.some((press) => press.at < first.at && isSame(press, first))
      ? [{ code: 'person.pressed' as const }]
      : []),
  ];
}

/** A button pressed in the same browser says that a person is there. */
export function isProven(hit: MailHit, { presses = [] }: PersonFacts): boolean {
  return presses.some((press) => {
    const later = +press.at - +hit.at;
    return isSame(press, hit) && later <= PROVEN_BEFORE_MS && -later <= PROVEN_AFTER_MS;
  });
}

/** It went down to the foot of the mail: scanners do, for all links are the same to them. */
export function isThroughFooter(sitting: Sitting, { footer = [] }: PersonFacts): boolean {
  const followed = footer.filter((link) => sitting.some(({ linkNumber }) => linkNumber === link)).length;
  return followed >= FOOT.links && followed >= footer.length * FOOT.share;
}

/**
 * Many links, and none of those at the foot: people choose, a scan does not. It says something of who looked at the mail first:
 * a slow scan comes to the foot last.
 */
function isLeavingFoot(sitting: Sitting, footer: readonly number[]): boolean {
  const links = new Set(sitting.map(({ linkNumber }) => linkNumber));
  return footer.length >= FOOT.links && links.size >= CHOSEN_LINKS && !footer.some((link) => links.has(link));
}

const isSame = (a: Browser, b: Browser) => a.network !== null && browserOf(a) === browserOf(b);
