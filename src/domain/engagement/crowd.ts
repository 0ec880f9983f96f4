import type { HitClass } from './happening.ts';

/** An open or a click of that mail, new or taken in before. */
export interface MailHit {
  kind: 'open' | 'click';
  linkNumber: number | null;
  at: Date;
  /** What the request shows by itself. */
  class: HitClass;
  /** Of the request. */
  method: string | null;
  /** Seen at arrival: the network of a known scanner, or of a data centre. */
  signs: readonly string[];
  /** As it is kept: shortened or hashed. */
  network: string | null;
  agent: string | null;
}

/** mail-standards: three or more different links of one mail within five seconds. */
const BURST = { links: 3, ms: 5_000 };
/** From one source, so many different links in so short a time: nobody reads that fast. */
const SWEEP = { links: 6, ms: 60_000 };
/** So many that no reader follows them all: counts as two signs. From one source, or spread over many. */
const WHOLE_MAIL = { links: 8, ms: 300_000 };
const SECOND_NETWORK_MS = 30_000;
/** As many as a person follows in one sitting. More at once, or more before the mail is minutes old, is a scan. */
const FEW_LINKS = 3;
/** Two clicks on a link so close together are one, made twice. */
const TWICE_MS = 5_000;
/** Who comes back to a link of a scan after so long may be a reader. */
const AGAIN_MS = 60_000;
/** From fewer places a scan cannot be told from a scanner and a reader. */
const SPREAD = 3;
/** More clicks than this on one mail within the longest span are nobody's reading. */
const FLOOD = 100;

/** A scan takes no longer than this from its first link to its last. Milliseconds. */
export const SCAN_MS = WHOLE_MAIL.ms;
/** Scans begin with the delivery and are over by then; clocks and queues differ by seconds. Milliseconds. */
const EARLY_MS = SCAN_MS + 30_000;
/** How far other clicks have a say about one. Milliseconds. */
export const CROWD_REACH_MS = Math.max(BURST.ms, SWEEP.ms, EARLY_MS, SECOND_NETWORK_MS);

/**
 * Who asked, as far as that can be told: people of one office share a network, and have browsers of their own. What is
 * known to belong to scanners is one.
 */
export function sourceOf({ signs, network, agent }: MailHit): string {
  return signs.length > 0 ? SCANNER : `${network} ${agent}`;
}
const SCANNER = 'a scanner';

/**
 * What the clicks of a mail say about each of them, in words that count as signs. `clicks` are in order of time; `sentAt`
 * is when the mail was delivered, null when that is not known.
 *
 * Clicks that stand apart from a scan are looked at by themselves: they are a person's who read while the scanner was
 * at work, or right after it.
 */
export function crowdSigns(clicks: readonly MailHit[], sentAt: Date | null): Map<MailHit, string[]> {
  const crowd = clicks.map((hit) => ({ hit, at: hit.at.getTime(), source: sourceOf(hit) }));
  const signs = new Map<MailHit, string[]>(clicks.map((hit) => [hit, []]));
  const links = countLinks(crowd);
  // Mostly there are too few for anything to be said of them together.
  const groups = links < BURST.links ? { known: [], scan: crowd, apart: [] } : grouped(crowd, links);
  if (links >= BURST.links)
    for (const group of [groups.known, groups.scan, ...bySource(groups.apart)])
      for (const [click, words] of groupSigns(group, sentAt)) signs.set(click.hit, words);
  if (crowd.length > 1)
    for (const click of [...groups.known, ...groups.scan])
      if (isSeenElsewhere(click, crowd))
        signs
          .get(click.hit)!
          .push(`the same link from a second network within ${SECOND_NETWORK_MS / 1000} s`);
  if (crowd.length > FLOOD)
    for (const [place, often] of mostIn(crowd, WHOLE_MAIL.ms, (span) => span.length).entries())
      if (often > FLOOD)
        signs.set(crowd[place]!.hit, [`one of ${often} clicks in minutes`, 'no person clicks that often']);
  return signs;
}

interface Groups {
  /** Known to belong to scanners. */
  known: Click[];
  scan: Click[];
  /** Somebody else's than the scan around them. */
  apart: Click[];
}

function grouped(crowd: readonly Click[], links: number): Groups {
  const groups: Groups = { known: [], scan: [], apart: [] };
  for (const click of crowd) {
    const isApart = links > FEW_LINKS && standsApart(click, crowd);
    groups[click.source === SCANNER ? 'known' : isApart ? 'apart' : 'scan'].push(click);
  }
  return groups;
}

interface Click {
  hit: MailHit;
  /** Milliseconds since 1970. */
  at: number;
  source: string;
}

/** The signs of clicks that belong together. */
function groupSigns(clicks: readonly Click[], sentAt: Date | null): Map<Click, string[]> {
  const burst = mostIn(clicks, BURST.ms, countLinks);
  const networks = mostIn(clicks, BURST.ms, (span) => new Set(span.map(({ hit }) => hit.network)).size);
  const whole = mostIn(clicks, WHOLE_MAIL.ms, countLinks);
  const early = earlyLinks(clicks, sentAt);
  const sweep = new Map<Click, number>();
  for (const ofSource of bySource(clicks)) {
    const most = mostIn(ofSource, SWEEP.ms, countLinks);
    for (const [place, click] of ofSource.entries()) sweep.set(click, most[place]!);
  }
  return new Map(
    clicks.map((click, place) => {
      const signs: string[] = [];
      if (burst[place]! >= BURST.links) {
        signs.push(`one of ${burst[place]} links in ${BURST.ms / 1000} s`);
        if (burst[place]! > FEW_LINKS) signs.push('nobody follows so many at once');
        else if (networks[place]! > 1) signs.push('a burst from several networks');
      }
      if (sweep.get(click)! >= SWEEP.links)
        signs.push(`one of ${sweep.get(click)} links in ${SWEEP.ms / 1000} s from one place`);
      if (whole[place]! >= WHOLE_MAIL.links)
        signs.push(
          `one of ${whole[place]} links in ${WHOLE_MAIL.ms / 60_000} minutes`,
          'nobody follows every link of a mail',
        );
      else if ((early.get(click) ?? 0) > FEW_LINKS)
        signs.push(
          `one of ${early.get(click)} links`,
          'in the minutes after delivery, when scanners are at work',
        );
      return [click, signs];
    }),
  );
}

/** How many links were followed in the minutes after delivery: from the place of the click, or from several together. */
function earlyLinks(clicks: readonly Click[], sentAt: Date | null): Map<Click, number> {
  if (sentAt === null) return new Map();
  const early = clicks.filter(({ at }) => at - sentAt.getTime() <= EARLY_MS);
  const isSpread = bySource(early).length >= SPREAD;
  const ofNetwork = (network: string | null) => early.filter(({ hit }) => hit.network === network);
  return new Map(
    early.map((click) => [click, countLinks(isSpread ? early : ofNetwork(click.hit.network))] as const),
  );
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

function bySource(clicks: readonly Click[]): Click[][] {
  const groups = new Map<string, Click[]>();
  for (const click of clicks) {
    const group = groups.get(click.source);
    if (group) group.push(click);
    else groups.set(click.source, [click]);
  }
  return [...groups.values()];
}

/**
 * Whether a click is somebody else's than the scan around it. A scanner follows each link once; so who follows a few links
 * that were followed anyway stands apart, from another place or (a while later) from the same. So does who comes from
 * another place before or after all that one scanner did.
 */
function standsApart(click: Click, clicks: readonly Click[]): boolean {
  const near = nearby(click, clicks, SCAN_MS);
  const own = near.filter(({ source }) => source === click.source);
  const others = near.filter(({ source }) => source !== click.source);
  const isRepeated = countRepeated(near) > FEW_LINKS;
  if (countLinks(own) > FEW_LINKS) return !isRepeated && isAgain(click, clicks);
  const elsewhere = linksOf(others);
  if (elsewhere.size <= FEW_LINKS) return false;
  const links = linksOf(own);
  const isBesides = [...links].every((link) => elsewhere.has(link));
  const isOnePlace =
    others.every(({ source }) => source === SCANNER) ||
    others.every(({ hit }) => hit.network === others[0]!.hit.network && hit.network !== click.hit.network);
  if (!isOnePlace) return isBesides && !isRepeated;
  const [first, last] = [others[0]!.at, others.at(-1)!.at];
  const isKnown = others[0]!.source === SCANNER;
  return isBesides || isKnown || links.size === 1 || own.every(({ at }) => at < first || at > last);
}

/** Whether its link was followed from the same place a while before. */
function isAgain({ hit, at, source }: Click, clicks: readonly Click[]): boolean {
  return clicks.some(
    (other) =>
      other.hit.linkNumber === hit.linkNumber && other.source === source && at - other.at >= AGAIN_MS,
  );
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

/** Whether the link of this click was followed from another network shortly before or after. */
function isSeenElsewhere(click: Click, clicks: readonly Click[]): boolean {
  const { linkNumber, network } = click.hit;
  return nearby(click, clicks, SECOND_NETWORK_MS).some(
    ({ hit }) => hit.linkNumber === linkNumber && hit.network !== network,
  );
}

/** Those within so many milliseconds. `clicks` are in order of time, and the click is one of them. */
function nearby(click: Click, clicks: readonly Click[], ms: number): Click[] {
  const from = clicks.findIndex(({ at }) => at >= click.at - ms);
  const end = clicks.findLastIndex(({ at }) => at <= click.at + ms);
  return clicks.slice(from, end + 1);
}
