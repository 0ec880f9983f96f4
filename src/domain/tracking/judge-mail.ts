import type { Reason } from '../reason.ts';
import { CROWD_REACH_MS, crowdSigns, roaming, SCAN_MS, STEP_MS } from './crowd.ts';
import type { Verdict } from './hit.ts';
import { isFollowed, type MailHit, type Sign, sourceOf, type Weight } from './mail-hit.ts';
import { type Sitting, sittingsOf } from './pace.ts';
import { isProven, isThroughFooter, type PersonFacts, personSigns } from './person-signs.ts';

export type { MailHit } from './mail-hit.ts';

/** What is known of the mail that hits belong to. */
export interface MailFacts extends PersonFacts {
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
 * Looks at all hits of one mail together and says what those taken for a person's (or a proxy's) are after all, by place in
 * `hits`; what is plainly a person's is left out. Later hits speak about earlier ones, so the answer may concern any of
 * them. It depends only on the hits, never on what was said when fewer were known.
 *
 * A machine's are those with two or more of the signs in mail-standards, "Telling machines from people". Where all that is
 * said against a hit is what the keenest readers do too (many links, soon), or where as much speaks for a person, it is in
 * doubt: 'doubtful', or a person's with the reasons that it may not be one.
 */
export function judgeMail(
  mail: MailFacts,
  hits: readonly MailHit[],
  settings: JudgeSettings,
): Map<number, Verdict> {
  const found = new Map<number, Verdict>();
  const order = hits.map((_, place) => place).sort((a, b) => +hits[a]!.at - +hits[b]!.at || a - b);
  const followed = order.map((place) => hits[place]!).filter(isFollowed);
  const crowd = crowdSigns(followed, mail.sentAt);
  const sittings = sittingsOf(followed.filter((hit) => hit.class !== 'machine'));
  const opens: MailHit[] = [];
  let hadPerson = false;
  const machines = new Set<string>();
  let owned: MailHit | null = null;
  const hadOthers = (hit: MailHit) => machines.size > (machines.has(sourceOf(hit)) ? 1 : 0);
  for (const place of order) {
    const hit = hits[place]!;
    if (hit.class === 'machine') {
      if (isFollowed(hit)) machines.add(sourceOf(hit));
      continue;
    }
    const signs = [
      ...soonSign(mail, hit, settings),
      ...gatewaySign(mail, hit, hadPerson || hadOthers(hit), settings),
      ...(hit.kind === 'click' ? [...ownSigns(hit), ...ownedSign(mail, hit, settings, owned)] : []),
      ...askedFirstSigns(hit, hits),
      ...(crowd.get(hit) ?? []),
    ];
    const verdict = weigh(mail, hit, signs, sittings.get(hit), opens);
    if (verdict) found.set(place, verdict);
    if (isOwned(hit, signs)) owned = hit;
    if (verdict?.class === 'machine') {
      if (isFollowed(hit)) machines.add(sourceOf(hit));
      continue;
    }
    hadPerson = true;
    if (hit.kind === 'open') opens.push(hit);
  }
  for (const [place, reasons] of opensOfScans(hits, found)) found.set(place, { class: 'machine', reasons });
  for (const place of notAlone(hits, found)) found.set(place, { ...found.get(place)!, class: 'doubtful' });
  const many = roaming(followed);
  for (const [place, hit] of hits.entries())
    if (many.has(hit) && isPersons(hit, found.get(place), mail))
      found.set(place, {
        class: 'doubtful',
        reasons: [{ code: 'machine.networks' }, { code: 'machine.scattered' }],
      });
  return found;
}

/** Taken for a person's, by what it looks like and not because somebody is known to be there. */
function isPersons(hit: MailHit, verdict: Verdict | undefined, mail: MailFacts): boolean {
  const isSaid = hit.decided === 'human' || isProven(hit, mail);
  return !isSaid && hit.class === 'human' && (verdict?.class ?? hit.class) === 'human';
}

/** Of what speaks for a person so much is needed to hold against what speaks for a machine. */
const HOLDS = 2;

/** What comes of the signs on both sides; null when it is a person's, and nothing is to be said. */
function weigh(
  mail: MailFacts,
  hit: MailHit,
  signs: readonly Sign[],
  sitting: Sitting | undefined,
  opens: readonly MailHit[],
): Verdict | null {
  if (hit.decided === 'machine') return { class: 'machine', reasons: [{ code: 'machine.staff' }] };
  const reasons = signs.map(({ reason }) => reason);
  const are = (weight: Weight) => signs.filter((sign) => sign.weight === weight).length;
  if (hit.decided === 'human' || signs.length < ENOUGH) return null;
  const isCertain = are('certain') > 0;
  const said = sitting?.find(({ decided }) => decided)?.decided;
  if (!isCertain && (isProven(hit, mail) || said === 'human')) return null;
  const isMachine = isCertain || are('strong') > 0 || are('moment') >= ENOUGH || said === 'machine';
  const forPerson = sitting ? personSigns(sitting, opens, mail) : [];
  if (isMachine && (isCertain || said === 'machine' || forPerson.length < HOLDS))
    return { class: 'machine', reasons };
  const isLikely =
    !isMachine && sitting && forPerson.length >= HOLDS + Number(isThroughFooter(sitting, mail));
  return { class: isLikely ? 'human' : 'doubtful', reasons: [...reasons, ...forPerson] };
}

/**
 * A reader sits at one browser. Where another one follows links at the same time, the two may be one scanner that calls
 * itself by several names: unless the other is a machine, and in one place elsewhere.
 */
function notAlone(hits: readonly MailHit[], found: ReadonlyMap<number, Verdict>): number[] {
  const clicks = [...hits.entries()].filter(([, hit]) => isFollowed(hit) && hit.signs.length === 0);
  const isElsewhere = (place: number, other: MailHit, hit: MailHit) =>
    (other.class === 'machine' || found.get(place)?.class === 'machine') &&
    other.network !== hit.network &&
    !found.get(place)?.reasons.some(({ code }) => code === 'machine.scattered');
  return clicks
    .filter(
      ([place, hit]) =>
        found.get(place)?.class === 'human' &&
        clicks.some(
          ([at, other]) =>
            sourceOf(other) !== sourceOf(hit) &&
            Math.abs(+other.at - +hit.at) <= CROWD_REACH_MS &&
            !isElsewhere(at, other, hit),
        ),
    )
    .map(([place]) => place);
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
): Generator<[number, Reason[]]> {
  const clicks = hits
    .map((hit, place) => ({
      hit,
      isMachine: hit.class === 'machine' || found.get(place)?.class === 'machine',
    }))
    .filter(({ hit }) => isFollowed(hit));
  for (const [place, open] of hits.entries()) {
    if (open.kind !== 'open' || open.class === 'machine' || open.decided || found.has(place)) continue;
    const near = clicks.filter(({ hit }) => Math.abs(+hit.at - +open.at) <= SCAN_MS);
    if (near.some(({ hit, isMachine }) => !isMachine && isOfOne(hit, open))) continue;
    const machines = near.filter(({ isMachine }) => isMachine).map(({ hit }) => hit);
    if (machines.some((hit) => isOfOne(hit, open)))
      yield [place, [{ code: 'machine.same-network' }, { code: 'machine.within-minutes' }]];
    else if (isInMidst(open, machines)) yield [place, [{ code: 'machine.midst' }, { code: 'machine.alone' }]];
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

function sinceSent(mail: MailFacts, hit: MailHit): number | null {
  if (mail.sentAt) {
    const since = +hit.at - +mail.sentAt;
    // A mail that was sent again later says nothing about hits on the first copy; clocks differ by seconds.
    return since < -CLOCKS_DIFFER_MS ? null : since;
  }
  return mail.isOnTheWire ? 0 : null;
}

function soonSign(mail: MailFacts, hit: MailHit, { scannerWindowMs }: JudgeSettings): Sign[] {
  const since = sinceSent(mail, hit);
  if (since === null || since > scannerWindowMs) return [];
  const seconds = Math.max(0, Math.round(since / 1000));
  return [{ reason: { code: 'machine.soon', values: { seconds } }, weight: 'moment' }];
}

const SAME_MOMENT_MS = 2_000;

/** Who asks for a link with HEAD and then follows it is a program that looks where links lead. */
function askedFirstSigns(hit: MailHit, hits: readonly MailHit[]): Sign[] {
  if (!isFollowed(hit)) return [];
  const isAsked = hits.some(
    (other) =>
      other.kind === 'click' &&
      !isFollowed(other) &&
      other.linkNumber === hit.linkNumber &&
      sourceOf(other) === sourceOf(hit) &&
      Math.abs(+other.at - +hit.at) <= SAME_MOMENT_MS,
  );
  if (!isAsked) return [];
  return [
    { reason: { code: 'machine.head-first' }, weight: 'certain' },
    { reason: { code: 'machine.no-browser' }, weight: 'certain' },
  ];
}

/** What the network shows. A scanner's own has nobody else in it; a data centre has some people's virtual desks. */
function ownSigns({ signs }: MailHit): Sign[] {
  return signs.map((sign) =>
    sign === 'scanner'
      ? { reason: { code: 'machine.scanner-network' }, weight: 'certain' }
      : { reason: { code: 'machine.data-centre' }, weight: 'strong' },
  );
}

/**
 * What belongs to scanners or stands in a data centre is suspect for as long as gateways' scans take, and a slow one for as
 * long as it goes on: `before` is its last click.
 */
function ownedSign(
  mail: MailFacts,
  hit: MailHit,
  { scannerWindowMs, gatewayWindowMs }: JudgeSettings,
  before: MailHit | null,
): Sign[] {
  const since = sinceSent(mail, hit);
  if (hit.signs.length === 0 || since === null || since <= scannerWindowMs) return [];
  const goesOn = before !== null && +hit.at - +before.at <= STEP_MS && since <= CROWD_REACH_MS;
  if (since > gatewayWindowMs + CLOCKS_DIFFER_MS && !goesOn) return [];
  return [{ reason: { code: 'machine.early' }, weight: 'strong' }];
}

/** A click of what belongs to scanners or stands in a data centre, in the time that its scans take. */
function isOwned(hit: MailHit, signs: readonly Sign[]): boolean {
  const isInTime = signs.some(({ reason: { code } }) => code === 'machine.early' || code === 'machine.soon');
  return isFollowed(hit) && hit.signs.length > 0 && isInTime;
}

function gatewaySign(
  mail: MailFacts,
  hit: MailHit,
  hadOthers: boolean,
  { gatewayWindowMs }: JudgeSettings,
): Sign[] {
  const since = sinceSent(mail, hit);
  if (mail.gateway === null || hadOthers || since === null || since > gatewayWindowMs) return [];
  return [{ reason: { code: 'machine.gateway', values: { what: mail.gateway } }, weight: 'moment' }];
}
