import type { HitClass, Verdict } from './happening.ts';

/** What is known of the mail that hits belong to. */
export interface MailFacts {
  /** When the SMTP server took it; null while its answer has not been written down. */
  sentAt: Date | null;
  /** It is being handed over: a hit that comes now came before the answer was written. */
  isOnTheWire: boolean;
  /** The mail gateway in front of its recipient, by name, when the MX says so. */
  gateway: string | null;
}

/** An open or a click of that mail, new or taken in before. */
export interface MailHit {
  kind: 'open' | 'click';
  linkNumber: number | null;
  at: Date;
  class: HitClass;
  /** Seen at arrival: the network of a known scanner. */
  signs: readonly string[];
  /** As it is kept: shortened or hashed. */
  network: string | null;
}

export interface JudgeSettings {
  /** A hit so soon after the SMTP 250 is suspect. Milliseconds. */
  scannerWindowMs: number;
  /** Behind a mail gateway, the first hits within this time are suspect. Milliseconds. */
  gatewayWindowMs: number;
}

/** mail-standards: three or more different links of one mail within five seconds. */
const BURST = { links: 3, ms: 5_000 };
/** From one network, so many different links in so short a time: nobody reads that fast. */
const SWEEP = { links: 6, ms: 60_000 };
/** So many that no reader follows them all: counts as two signs. From one network, or spread over many. */
const WHOLE_MAIL = { links: 8, ms: 300_000, networks: 3 };
const SECOND_NETWORK_MS = 30_000;
/** More clicks than this on one mail within the longest span are nobody's reading. */
const FLOOD = 100;
const CLOCKS_DIFFER_MS = 60_000;
/** What is not certain needs so many signs. */
const ENOUGH = 2;

/** How far before and after a hit others have to be known for a right judgement. Milliseconds. */
export function judgeReachMs({ scannerWindowMs, gatewayWindowMs }: JudgeSettings): number {
  return Math.max(scannerWindowMs, gatewayWindowMs, BURST.ms, SWEEP.ms, WHOLE_MAIL.ms, SECOND_NETWORK_MS);
}

/**
 * Looks at all hits of one mail together and says which of those taken for a person's (or a proxy's) are a machine's
 * after all: those with two or more of the signs in mail-standards, "Telling machines from people". Later hits speak
 * about earlier ones, so the answer may concern any of them. By place in `hits`; a machine never becomes a person again.
 */
export function judgeMail(
  mail: MailFacts,
  hits: readonly MailHit[],
  settings: JudgeSettings,
): Map<number, Verdict> {
  const found = new Map<number, Verdict>();
  const order = hits.map((_, place) => place).sort((a, b) => +hits[a]!.at - +hits[b]!.at || a - b);
  const clicks = order.map((place) => hits[place]!).filter(({ kind }) => kind === 'click');
  let hadPerson = false;
  for (const place of order) {
    const hit = hits[place]!;
    if (hit.class === 'machine') continue;
    const reasons = [
      ...soonSign(mail, hit, settings),
      ...gatewaySign(mail, hit, hadPerson, settings),
      ...(hit.kind === 'click' ? [...hit.signs, ...crowdSigns(hit, clicks)] : []),
    ];
    if (reasons.length >= ENOUGH) found.set(place, { class: 'machine', reasons });
    else hadPerson = true;
  }
  return found;
}

function sinceSent(mail: MailFacts, hit: MailHit): number | null {
  if (mail.sentAt) {
    const since = +hit.at - +mail.sentAt;
    // A mail that was sent again later says nothing about hits on the first copy; clocks differ by seconds.
    return since < -CLOCKS_DIFFER_MS ? null : since;
  }
  return mail.isOnTheWire ? 0 : null;
}

function soonSign(mail: MailFacts, hit: MailHit, { scannerWindowMs }: JudgeSettings): string[] {
  const since = sinceSent(mail, hit);
  if (since === null || since > scannerWindowMs) return [];
  return [`came ${Math.max(0, Math.round(since / 1000))} s after the mail was delivered`];
}

function gatewaySign(
  mail: MailFacts,
  hit: MailHit,
  hadPerson: boolean,
  { gatewayWindowMs }: JudgeSettings,
): string[] {
  const since = sinceSent(mail, hit);
  if (mail.gateway === null || hadPerson || since === null || since > gatewayWindowMs) return [];
  return [`the first to come, and ${mail.gateway} reads this mail before its reader`];
}

/** What other clicks around this one say. */
function crowdSigns(hit: MailHit, clicks: readonly MailHit[]): string[] {
  const near = (ms: number) => clicks.filter((other) => Math.abs(+other.at - +hit.at) <= ms);
  const around = near(WHOLE_MAIL.ms);
  if (around.length > FLOOD)
    return [`one of ${around.length} clicks in minutes`, 'no person clicks that often'];
  const signs: string[] = [];
  const burst = densest(near(BURST.ms), hit, BURST.ms);
  const links = differentLinks(burst);
  if (links >= BURST.links) signs.push(`one of ${links} links in ${BURST.ms / 1000} s`);

  const ofNetwork = around.filter(({ network }) => network === hit.network);
  const sweep = differentLinks(
    densest(
      ofNetwork.filter((other) => Math.abs(+other.at - +hit.at) <= SWEEP.ms),
      hit,
      SWEEP.ms,
    ),
  );
  const whole = differentLinks(densest(ofNetwork, hit, WHOLE_MAIL.ms));
  const anywhere = densest(around, hit, WHOLE_MAIL.ms);
  const isSpread = new Set(anywhere.map(({ network }) => network)).size >= WHOLE_MAIL.networks;
  const followed = isSpread ? differentLinks(anywhere) : whole;
  if (sweep >= SWEEP.links) signs.push(`one of ${sweep} links in ${SWEEP.ms / 1000} s from one network`);
  if (followed >= WHOLE_MAIL.links) {
    const words = `one of ${followed} links in ${WHOLE_MAIL.ms / 60_000} minutes`;
    signs.push(words, 'nobody follows every link of a mail');
  }

  const elsewhere = (other: MailHit) => other.network !== hit.network;
  const sameLink = near(SECOND_NETWORK_MS).some(
    (other) => other.linkNumber === hit.linkNumber && elsewhere(other),
  );
  if (sameLink) signs.push(`the same link from a second network within ${SECOND_NETWORK_MS / 1000} s`);
  else if (links >= BURST.links && burst.some(elsewhere)) signs.push('a burst from several networks');
  return signs;
}

/** Of all spans of this length that hold the hit, the clicks of the one with the most links. `near` is in order of time. */
function densest(near: readonly MailHit[], hit: MailHit, ms: number): MailHit[] {
  let best: MailHit[] = [];
  let most = 0;
  for (const first of near) {
    if (first.at > hit.at) break;
    const span = near.filter(({ at }) => at >= first.at && +at - +first.at <= ms);
    const links = differentLinks(span);
    if (links <= most) continue;
    best = span;
    most = links;
  }
  return best;
}

const differentLinks = (clicks: readonly MailHit[]): number =>
  new Set(clicks.map(({ linkNumber }) => linkNumber)).size;
