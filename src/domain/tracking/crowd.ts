import type { Reason } from '../reason.ts';
import { type MailHit, SCANNER, type Sign, sourceOf, type Weight } from './mail-hit.ts';
import { isByTheClock, secondsPerLink, sittingsOf, TWICE_MS } from './pace.ts';

/** mail-standards: three or more different links of one mail within five seconds. */
const BURST = { links: 3, ms: 5_000 };
/** From one source, so many different links in so short a time: nobody reads that fast. */
const SWEEP = { links: 6, ms: 60_000 };
/** So many that hardly any reader follows them all: counts as two signs. From one source, or spread over many. */
const WHOLE_MAIL = { links: 8, ms: 300_000 };
const SECOND_NETWORK_MS = 30_000;
/** As many as a person follows in one sitting. More at once, or more before the mail is minutes old, is a scan. */
const FEW_LINKS = 3;
/** Who comes back to a link of a scan after so long may be a reader. */
const AGAIN_MS = 60_000;
/** … and after longer than the scan rested between two links, so many times. */
const STILL_PAUSES = 2;
/** From fewer places a scan cannot be told from a scanner and a reader. */
const SPREAD = 3;
/** More clicks than this on one mail within the longest span are nobody's reading. */
const FLOOD = 100;

/** A scan takes no longer than this from its first link to its last. Milliseconds. */
export const SCAN_MS = WHOLE_MAIL.ms;
/** Scans begin with the delivery and are over by then; clocks and queues differ by seconds. Milliseconds. */
const EARLY_MS = SCAN_MS + 30_000;
/** Slow ones go on for longer, with no longer than this between two links. Milliseconds. */
const SLOW_MS = 900_000;
export const STEP_MS = 120_000;
/** How far other clicks have a say about one. Milliseconds. */
export const CROWD_REACH_MS = SLOW_MS;

/**
 * What the clicks of a mail say about each of them. `clicks` are in order of time; `sentAt` is when the mail was delivered,
 * null when that is not known.
 *
 * Clicks that stand apart from a scan are looked at by themselves: they are a person's who read while the scanner was
 * at work, or right after it.
 */
export function crowdSigns(clicks: readonly MailHit[], sentAt: Date | null): Map<MailHit, Sign[]> {
  const crowd = clicks.map((hit) => ({ hit, at: hit.at.getTime(), source: sourceOf(hit) }));
  const signs = new Map<MailHit, Sign[]>(clicks.map((hit) => [hit, []]));
  const links = countLinks(crowd);
  // Mostly there are too few for anything to be said of them together.
  const parties = links < BURST.links ? [crowd] : partiesOf(crowd, links);
  if (links >= BURST.links)
    for (const party of parties)
      for (const [click, found] of groupSigns(party, sentAt)) signs.set(click.hit, found);
  const apart = new Set(parties.slice(1).flat());
  if (crowd.length > 1)
    for (const click of crowd)
      if ((!apart.has(click) || click.source === SCANNER) && isSeenElsewhere(click, crowd))
        signs
          .get(click.hit)!
          .push(sign('strong', { code: 'machine.second', values: { seconds: SECOND_NETWORK_MS / 1000 } }));
  if (crowd.length > FLOOD)
    for (const [place, often] of mostIn(crowd, WHOLE_MAIL.ms, (span) => span.length).entries())
      if (often > FLOOD)
        signs.set(crowd[place]!.hit, [
          sign('certain', { code: 'machine.flood', values: { n: often } }),
          sign('certain', { code: 'machine.too-often' }),
        ]);
  return signs;
}

const sign = (weight: Weight, reason: Reason): Sign => ({ weight, reason });

/**
 * Whose clicks belong together, the scan's (or all, where there is none) first: what is known to belong to scanners is one
 * party too, and who stands apart from a scan is one each.
 */
function partiesOf(crowd: readonly Click[], links: number): Click[][] {
  const scan: Click[] = [];
  const parties = new Map<string, Click[]>();
  for (const click of crowd) {
    const party = click.source === SCANNER ? SCANNER : links > FEW_LINKS ? partyApart(click, crowd) : null;
    if (party === null) scan.push(click);
    else parties.set(party, [...(parties.get(party) ?? []), click]);
  }
  return [scan, ...parties.values()];
}

interface Click {
  hit: MailHit;
  /** Milliseconds since 1970. */
  at: number;
  source: string;
}

/** The signs of clicks that belong together. */
function groupSigns(clicks: readonly Click[], sentAt: Date | null): Map<Click, Sign[]> {
  const burst = mostIn(clicks, BURST.ms, countLinks);
  const networks = mostIn(clicks, BURST.ms, countNetworks);
  const whole = mostIn(clicks, WHOLE_MAIL.ms, countLinks);
  const scattered = mostIn(clicks, WHOLE_MAIL.ms, (span) => Number(isScattered(span)));
  const early = earlyLinks(clicks, sentAt);
  const sitting = sittingsOf(clicks.map(({ hit }) => hit));
  const sweep = new Map<Click, number>();
  for (const ofSource of bySource(clicks)) {
    const most = mostIn(ofSource, SWEEP.ms, countLinks);
    for (const [place, click] of ofSource.entries()) sweep.set(click, most[place]!);
  }
  return new Map(
    clicks.map((click, place) => {
      const signs: Sign[] = [];
      if (burst[place]! >= BURST.links) {
        signs.push(
          sign('strong', { code: 'machine.burst', values: { n: burst[place]!, seconds: BURST.ms / 1000 } }),
        );
        if (burst[place]! > FEW_LINKS) signs.push(sign('strong', { code: 'machine.at-once' }));
        else if (networks[place]! > 1) signs.push(sign('strong', { code: 'machine.networks' }));
      }
      if (sweep.get(click)! >= SWEEP.links)
        signs.push(
          sign('keen', {
            code: 'machine.sweep',
            values: { n: sweep.get(click)!, seconds: SWEEP.ms / 1000 },
          }),
        );
      signs.push(...paceSigns(sitting.get(click.hit)!));
      const isEarly = (early.get(click) ?? 0) > FEW_LINKS;
      if (whole[place]! >= WHOLE_MAIL.links)
        signs.push(
          sign('keen', {
            code: 'machine.whole',
            values: { n: whole[place]!, minutes: WHOLE_MAIL.ms / 60_000 },
          }),
          sign('keen', { code: 'machine.every-link' }),
        );
      else if (isEarly)
        signs.push(
          sign('keen', { code: 'machine.several', values: { n: early.get(click)! } }),
          sign('keen', { code: 'machine.early' }),
        );
      const isOfMany = countLinks(clicks.filter(({ source }) => source === click.source)) <= FEW_LINKS;
      if (scattered[place]! > 0 && isOfMany && (isEarly || whole[place]! >= WHOLE_MAIL.links))
        signs.push(sign('strong', { code: 'machine.scattered' }));
      return [click, signs];
    }),
  );
}

function paceSigns(sitting: readonly MailHit[]): Sign[] {
  const seconds = secondsPerLink(sitting);
  return [
    ...(seconds === null ? [] : [sign('strong', { code: 'machine.pace', values: { seconds } })]),
    ...(isByTheClock(sitting) ? [sign('strong', { code: 'machine.clock' })] : []),
  ];
}

/**
 * A reader has a browser, or two; a scanner comes from many networks, or calls itself something else at each link. Colleagues
 * to whom a mail was passed on are many too, and each reads for a while.
 */
function isScattered(clicks: readonly Click[]): boolean {
  if (countNetworks(clicks) >= SPREAD) return true;
  const sources = new Set(clicks.map(({ source }) => source)).size;
  const changes = clicks.filter(({ source }, place) => place > 0 && source !== clicks[place - 1]!.source);
  return sources >= SPREAD && changes.length > sources;
}

/**
 * How many links were followed by what began in the minutes after delivery: from the place of the click, or from several
 * together. A slow one takes longer than those minutes, and never long over one link.
 */
function earlyLinks(clicks: readonly Click[], sentAt: Date | null): Map<Click, number> {
  if (sentAt === null) return new Map();
  const sent = sentAt.getTime();
  const runOf = (some: readonly Click[]) => {
    const end = some.findIndex(({ at }, place) => {
      const goesOn = at - (some[place - 1]?.at ?? sent) <= STEP_MS && at - sent <= SLOW_MS;
      return at - sent > EARLY_MS && !goesOn;
    });
    return end === -1 ? some : some.slice(0, end);
  };
  const all = runOf(clicks);
  const runs = bySource(all).length >= SPREAD ? [all] : by(clicks, ({ hit }) => hit.network).map(runOf);
  const found = new Map<Click, number>();
  for (const run of runs) {
    const links = countLinks(run);
    for (const click of run) found.set(click, links);
  }
  return found;
}

/** For each click the most of something that a span of this length with it in holds. In order of time. */
function mostIn(clicks: readonly Click[], ms: number, count: (span: readonly Click[]) => number): number[] {
  const most = clicks.map(() => 0);
  let end = 0;
  for (const [begin, { at }] of clicks.entries()) {
    while (end < clicks.length && clicks[end]!.at - at <= ms) end++;
    const found = count(clicks.slice(begin, end));
    for (let place = begin; place < end; place++) most[place] = Math.max(most[place]!, found);
  }
  return most;
}

const linksOf = (clicks: readonly Click[]) => new Set(clicks.map(({ hit }) => hit.linkNumber));
const countLinks = (clicks: readonly Click[]) => linksOf(clicks).size;
const countNetworks = (clicks: readonly Click[]) => new Set(clicks.map(({ hit }) => hit.network)).size;

const bySource = (clicks: readonly Click[]) => by(clicks, ({ source }) => source);

function by(clicks: readonly Click[], keyOf: (click: Click) => string | null): Click[][] {
  const groups = new Map<string | null, Click[]>();
  for (const click of clicks) {
    const group = groups.get(keyOf(click));
    if (group) group.push(click);
    else groups.set(keyOf(click), [click]);
  }
  return [...groups.values()];
}

/**
 * The party of a click that is somebody else's than the scan around it, null when it is part of that. A scanner follows
 * each link once; so who follows links that were followed anyway stands apart, from another place or (a while later) from the
 * same. So does who follows a few of them from another place before or after all that one scanner did.
 */
function partyApart(click: Click, clicks: readonly Click[]): string | null {
  const near = nearby(click, clicks, SCAN_MS);
  const home = near.filter(({ hit }) => hit.network === click.hit.network);
  const away = near.filter(({ hit, source }) => source === SCANNER || hit.network !== click.hit.network);
  // All of a scan is repeated by its keenest reader; a scan that repeats itself looks the same, and is away in many places.
  const isKeen = countLinks(home) > FEW_LINKS && isCovered(home, away);
  if (isKeen && (isOnePlace(away, click) || countRepeated(away) <= FEW_LINKS)) return click.hit.network ?? '';
  const own = near.filter(({ source }) => source === click.source);
  const others = near.filter(({ source }) => source !== click.source);
  if (countLinks(own) > FEW_LINKS || countLinks(others) <= FEW_LINKS)
    return countLinks(home) > FEW_LINKS && isAgain(click, clicks) ? `again ${click.hit.network}` : null;
  const isRepeated = countRepeated(near) > FEW_LINKS;
  const isBesides = isCovered(own, others);
  if (!isOnePlace(others, click)) return isBesides && !isRepeated ? click.source : null;
  const [first, last] = [others[0]!.at, others.at(-1)!.at];
  const isKnown = others[0]!.source === SCANNER;
  const isAround = own.every(({ at }) => at < first || at > last);
  return isBesides || isKnown || countLinks(own) === 1 || isAround ? click.source : null;
}

/** Whether others followed all of these links too. */
function isCovered(clicks: readonly Click[], others: readonly Click[]): boolean {
  const links = linksOf(others);
  return [...linksOf(clicks)].every((link) => links.has(link));
}

/** Whether all others came from one place, and it from another. */
function isOnePlace(others: readonly Click[], click: Click): boolean {
  return (
    others.every(({ source }) => source === SCANNER) ||
    others.every(({ hit }) => hit.network === others[0]!.hit.network && hit.network !== click.hit.network)
  );
}

/**
 * Whether its network had been still for a while, longer than it ever was between two links, and since then came back to
 * links it had followed before, to no other: a scan that is still going on, and its second round on the heels of the first,
 * are no reader's.
 */
function isAgain(click: Click, clicks: readonly Click[]): boolean {
  const home = clicks.filter(({ hit }) => hit.network === click.hit.network);
  let stillMs = AGAIN_MS;
  let begin = 0;
  for (const [place, { at }] of home.entries()) {
    if (at > click.at) break;
    const pause = place > 0 ? at - home[place - 1]!.at : 0;
    if (pause >= stillMs) begin = place;
    stillMs = Math.max(stillMs, STILL_PAUSES * pause);
  }
  return begin > 0 && isCovered(home.slice(begin), home.slice(0, begin));
}

/** The links that were followed from more than one place, or again after a while: a scanner at its second round repeats them all. */
function countRepeated(clicks: readonly Click[]): number {
  const first = new Map<number | null, Click>();
  const repeated = new Set<number | null>();
  for (const click of clicks) {
    const { linkNumber } = click.hit;
    const earlier = first.get(linkNumber);
    if (!earlier) first.set(linkNumber, click);
    else if (earlier.source !== click.source || click.at - earlier.at >= TWICE_MS) repeated.add(linkNumber);
  }
  return repeated.size;
}

/**
 * The clicks around which a scan from many networks makes its second round: each of its networks may have followed too few
 * links to be a scan by itself, and look like a reader that comes after the others.
 */
export function roaming(clicks: readonly MailHit[]): Set<MailHit> {
  const crowd = clicks
    .map((hit) => ({ hit, at: hit.at.getTime(), source: sourceOf(hit) }))
    .filter(({ source }) => source !== SCANNER);
  const isOfThem = ({ hit }: Click, near: readonly Click[]) => {
    const isHome = (other: Click) => other.hit.network === hit.network;
    const isNamed = (other: Click) => other.hit.agent === hit.agent;
    return near.some((other) => isHome(other) !== isNamed(other));
  };
  return new Set(
    crowd
      .filter((click) => {
        const near = nearby(click, crowd, SCAN_MS);
        return countNetworks(near) >= SPREAD && countRepeated(near) > FEW_LINKS && isOfThem(click, near);
      })
      .map(({ hit }) => hit),
  );
}

/** Whether the link of this click was followed from another network shortly before or after, by nobody that is known. */
function isSeenElsewhere(click: Click, clicks: readonly Click[]): boolean {
  const { linkNumber, network } = click.hit;
  return nearby(click, clicks, SECOND_NETWORK_MS).some(
    ({ hit, source }) => hit.linkNumber === linkNumber && hit.network !== network && source !== SCANNER,
  );
}

/** Those within so many milliseconds. `clicks` are in order of time, and the click is one of them. */
function nearby(click: Click, clicks: readonly Click[], ms: number): Click[] {
  const from = clicks.findIndex(({ at }) => at >= click.at - ms);
  const end = clicks.findLastIndex(({ at }) => at <= click.at + ms);
  return clicks.slice(from, end + 1);
}
