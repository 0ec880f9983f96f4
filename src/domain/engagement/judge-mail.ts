import { CROWD_REACH_MS, crowdSigns, type MailHit, SCAN_MS, sourceOf } from './crowd.ts';
import type { Verdict } from './happening.ts';

export type { MailHit } from './crowd.ts';

/** What is known of the mail that hits belong to. */
export interface MailFacts {
  /** When the SMTP server took it; null while its answer has not been written down. */
  sentAt: Date | null;
  /** It is being handed over: a hit that comes now came before the answer was written. */
  isOnTheWire: boolean;
  /** The mail gateway in front of its recipient, by name, when the MX says so. */
  gateway: string | null;
}

export interface JudgeSettings {
  /** A hit so soon after the SMTP 250 is suspect. Milliseconds. */
  scannerWindowMs: number;
  /** Behind a mail gateway, the first hits within this time are suspect. Milliseconds. */
  gatewayWindowMs: number;
}

const CLOCKS_DIFFER_MS = 60_000;
/** What is not certain needs so many signs. */
const ENOUGH = 2;

/** How far before and after a hit others may change what it is taken for. Milliseconds. */
export function judgeReachMs({ scannerWindowMs, gatewayWindowMs }: JudgeSettings): number {
  return Math.max(scannerWindowMs, gatewayWindowMs, CROWD_REACH_MS);
}

/** In hold windows: with the default of two minutes, scans of five minutes are over. */
const SCAN_IN_HOLDS = 2.75;

/**
 * How long after its delivery a mail may still be scanned without the scan having shown itself: so long an alert waits that
 * clicks brought about. It grows and shrinks with the programme's hold window. Milliseconds.
 */
export function scanLastsMs(holdMs: number): number {
  return holdMs * SCAN_IN_HOLDS;
}

/**
 * Looks at all hits of one mail together and says which of those taken for a person's (or a proxy's) are a machine's
 * after all: those with two or more of the signs in mail-standards, "Telling machines from people". Later hits speak
 * about earlier ones, so the answer may concern any of them. By place in `hits`. The answer depends only on the hits, never
 * on what was said when fewer were known.
 */
export function judgeMail(
  mail: MailFacts,
  hits: readonly MailHit[],
  settings: JudgeSettings,
): Map<number, Verdict> {
  const found = new Map<number, Verdict>();
  const order = hits.map((_, place) => place).sort((a, b) => +hits[a]!.at - +hits[b]!.at || a - b);
  const crowd = crowdSigns(order.map((place) => hits[place]!).filter(isFollowed), mail.sentAt);
  let hadPerson = false;
  const machines = new Set<string>();
  const hadOthers = (hit: MailHit) => machines.size > (machines.has(sourceOf(hit)) ? 1 : 0);
  for (const place of order) {
    const hit = hits[place]!;
    if (hit.class === 'machine') {
      if (isFollowed(hit)) machines.add(sourceOf(hit));
      continue;
    }
    const reasons = [
      ...soonSign(mail, hit, settings),
      ...gatewaySign(mail, hit, hadPerson || hadOthers(hit), settings),
      ...(hit.kind === 'click' ? [...hit.signs, ...ownedSign(mail, hit, settings)] : []),
      ...askedFirstSigns(hit, hits),
      ...(crowd.get(hit) ?? []),
    ];
    if (reasons.length >= ENOUGH) {
      found.set(place, { class: 'machine', reasons });
      if (isFollowed(hit)) machines.add(sourceOf(hit));
    } else hadPerson = true;
  }
  for (const [place, reasons] of opensOfScans(hits, found)) found.set(place, { class: 'machine', reasons });
  return found;
}

/** A scan of so many links tells what else comes in its midst. */
const SCAN_LINKS = 4;
const MIDST_MS = 5_000;

/**
 * Who followed the links (not with HEAD) as a machine loaded the images too: opens from where machines, and no person,
 * followed links minutes before or after; and opens in the midst of a scan that no person's click goes with. An open
 * that is wrongly taken for a machine's costs its reader a point until the next one.
 */
function* opensOfScans(
  hits: readonly MailHit[],
  found: ReadonlyMap<number, Verdict>,
): Generator<[number, string[]]> {
  const clicks = hits
    .map((hit, place) => ({ hit, isMachine: hit.class === 'machine' || found.has(place) }))
    .filter(({ hit }) => isFollowed(hit));
  for (const [place, open] of hits.entries()) {
    if (open.kind !== 'open' || open.class === 'machine' || found.has(place)) continue;
    const near = clicks.filter(({ hit }) => Math.abs(+hit.at - +open.at) <= SCAN_MS);
    if (near.some(({ hit, isMachine }) => !isMachine && isOfOne(hit, open))) continue;
    const machines = near.filter(({ isMachine }) => isMachine).map(({ hit }) => hit);
    if (machines.some((hit) => isOfOne(hit, open)))
      yield [place, ['from the network of a machine that followed the links', 'within minutes of it']];
    else if (isInMidst(open, machines))
      yield [place, ['in the midst of a scan of the links', 'and no person’s click goes with it']];
  }
}

/** From one network, or both from what is known to belong to scanners. */
function isOfOne(a: MailHit, b: MailHit): boolean {
  return a.network === b.network || (a.signs.length > 0 && b.signs.length > 0);
}

function isInMidst(open: MailHit, machines: readonly MailHit[]): boolean {
  if (new Set(machines.map(({ linkNumber }) => linkNumber)).size < SCAN_LINKS) return false;
  const times = machines.map(({ at }) => +at);
  return +open.at >= Math.min(...times) - MIDST_MS && +open.at <= Math.max(...times) + MIDST_MS;
}

/**
 * Whether a hit belongs to the crowd that speaks about others. No browser asks with HEAD, so those are certain by
 * themselves; a person behind the same company network as a scanner that does must not be taken for it.
 */
function isFollowed({ kind, method }: MailHit): boolean {
  return kind === 'click' && method !== 'HEAD' && method !== 'OPTIONS';
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

const SAME_MOMENT_MS = 2_000;

/** Who asks for a link with HEAD and then follows it is a program that looks where links lead. */
function askedFirstSigns(hit: MailHit, hits: readonly MailHit[]): string[] {
  if (!isFollowed(hit)) return [];
  const isAsked = hits.some(
    (other) =>
      other.kind === 'click' &&
      !isFollowed(other) &&
      other.linkNumber === hit.linkNumber &&
      sourceOf(other) === sourceOf(hit) &&
      Math.abs(+other.at - +hit.at) <= SAME_MOMENT_MS,
  );
  return isAsked ? ['asked for with HEAD by the same in the same moment', 'no browser does that'] : [];
}

/** What belongs to scanners or stands in a data centre is suspect for as long as gateways' scans take. */
function ownedSign(
  mail: MailFacts,
  hit: MailHit,
  { scannerWindowMs, gatewayWindowMs }: JudgeSettings,
): string[] {
  const since = sinceSent(mail, hit);
  if (
    hit.signs.length === 0 ||
    since === null ||
    since <= scannerWindowMs ||
    since > gatewayWindowMs + CLOCKS_DIFFER_MS
  )
    return [];
  return ['in the minutes after delivery, when scanners are at work'];
}

function gatewaySign(
  mail: MailFacts,
  hit: MailHit,
  hadOthers: boolean,
  { gatewayWindowMs }: JudgeSettings,
): string[] {
  const since = sinceSent(mail, hit);
  if (mail.gateway === null || hadOthers || since === null || since > gatewayWindowMs) return [];
  return [`the first to come, and ${mail.gateway} reads this mail before its reader`];
}
