import type { HitClass } from './happening.ts';

/** An open or a click of that mail, new or taken in before. */
export interface MailHit {
  kind: 'open' | 'click';
  linkNumber: number | null;
  at: Date;
  class: HitClass;
  /** Of the request. */
  method: string | null;
  /** Seen at arrival: the network of a known scanner. */
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
/** As many as a person follows in one sitting. */
const FEW_LINKS = 3;
/** More clicks than this on one mail within the longest span are nobody's reading. */
const FLOOD = 100;

/** A scan takes no longer than this from its first link to its last. Milliseconds. */
export const SCAN_MS = WHOLE_MAIL.ms;
/** How far other clicks have a say about one. Milliseconds. */
export const CROWD_REACH_MS = Math.max(BURST.ms, SWEEP.ms, WHOLE_MAIL.ms, SECOND_NETWORK_MS);

/** The clicks of a mail in order of time, with what their neighbourhoods are like. */
export interface Crowd {
  clicks: readonly MailHit[];
  at: ReadonlyMap<MailHit, Neighbourhood>;
}

interface Neighbourhood {
  place: number;
  burst: Density;
  /** Of the clicks from the same source. */
  sweep: Density;
  whole: Density;
  /** From whatever sources. */
  anywhere: Density;
}

/** What a span of some length holds: the most clicks, and in the span with the most links, these and their networks. */
interface Density {
  clicks: number;
  links: number;
  networks: number;
  sources: number;
}

export function crowdOf(clicks: readonly MailHit[]): Crowd {
  const burst = densities(clicks, BURST.ms);
  const anywhere = densities(clicks, WHOLE_MAIL.ms);
  const own = new Map<MailHit, { sweep: Density; whole: Density }>();
  for (const source of new Set(clicks.map(sourceOf))) {
    const ofSource = clicks.filter((click) => sourceOf(click) === source);
    const sweep = densities(ofSource, SWEEP.ms);
    const whole = densities(ofSource, WHOLE_MAIL.ms);
    for (const [n, click] of ofSource.entries()) own.set(click, { sweep: sweep[n]!, whole: whole[n]! });
  }
  const at = new Map(
    clicks.map((click, place) => {
      const neighbourhood = { place, burst: burst[place]!, anywhere: anywhere[place]!, ...own.get(click)! };
      return [click, neighbourhood];
    }),
  );
  return { clicks, at };
}

/** For each click, of all spans of this length that hold it, the one with the most links. `clicks` are in order of time. */
function densities(clicks: readonly MailHit[], ms: number): Density[] {
  const times = clicks.map(({ at }) => at.getTime());
  const links = new Counter();
  const networks = new Counter();
  const sources = new Counter();
  let end = 0;
  // The span that begins with each click.
  const spans = clicks.map((first, begin): Density => {
    for (; end < clicks.length && times[end]! - times[begin]! <= ms; end++) {
      links.add(clicks[end]!.linkNumber);
      networks.add(clicks[end]!.network);
      sources.add(sourceOf(clicks[end]!));
    }
    const density = {
      clicks: end - begin,
      links: links.size,
      networks: networks.size,
      sources: sources.size,
    };
    links.remove(first.linkNumber);
    networks.remove(first.network);
    sources.remove(sourceOf(first));
    return density;
  });
  return spans.map((own, place) => {
    let best = own;
    let clicksAtMost = own.clicks;
    for (let begin = place - 1; begin >= 0 && times[place]! - times[begin]! <= ms; begin--) {
      if (spans[begin]!.links > best.links) best = spans[begin]!;
      clicksAtMost = Math.max(clicksAtMost, spans[begin]!.clicks);
    }
    return { ...best, clicks: clicksAtMost };
  });
}

/**
 * Who asked, as far as that can be told: people of one office share a network, and have browsers of their own. A known
 * scanner's networks are one.
 */
export function sourceOf({ signs, network, agent }: MailHit): string {
  return signs.length > 0 ? 'a scanner' : `${network} ${agent}`;
}

/** Counts different things in a span that moves on. */
class Counter {
  readonly #counts = new Map<unknown, number>();
  get size(): number {
    return this.#counts.size;
  }
  add(one: unknown): void {
    this.#counts.set(one, (this.#counts.get(one) ?? 0) + 1);
  }
  remove(one: unknown): void {
    const left = (this.#counts.get(one) ?? 0) - 1;
    if (left > 0) this.#counts.set(one, left);
    else this.#counts.delete(one);
  }
}

/** What other clicks around this one say. */
export function crowdSigns(hit: MailHit, { clicks, at }: Crowd): string[] {
  const { place, burst, sweep, whole, anywhere } = at.get(hit)!;
  if (anywhere.clicks > FLOOD)
    return [`one of ${anywhere.clicks} clicks in minutes`, 'no person clicks that often'];
  const signs: string[] = [];
  if (burst.links >= BURST.links) signs.push(`one of ${burst.links} links in ${BURST.ms / 1000} s`);
  if (sweep.links >= SWEEP.links)
    signs.push(`one of ${sweep.links} links in ${SWEEP.ms / 1000} s from one place`);
  const isSpread = anywhere.sources > 1 && !isBeside(clicks, place);
  const followed = isSpread ? anywhere.links : whole.links;
  if (followed >= WHOLE_MAIL.links) {
    const words = `one of ${followed} links in ${WHOLE_MAIL.ms / 60_000} minutes`;
    signs.push(words, 'nobody follows every link of a mail');
  }
  if (isSeenElsewhere(clicks, place))
    signs.push(`the same link from a second network within ${SECOND_NETWORK_MS / 1000} s`);
  else if (burst.links >= BURST.links && burst.networks > 1) signs.push('a burst from several networks');
  return signs;
}

/**
 * Whether this click's source stands beside a scan that is one without it: few links, and each of them was followed from
 * elsewhere too. So reads a person while the scanner is still at work; a scanner follows each link once.
 */
function isBeside(clicks: readonly MailHit[], place: number): boolean {
  const hit = clicks[place]!;
  const near = clicks.filter(({ at }) => Math.abs(at.getTime() - hit.at.getTime()) <= WHOLE_MAIL.ms);
  const links = (isOwn: boolean) =>
    new Set(
      near
        .filter((other) => (sourceOf(other) === sourceOf(hit)) === isOwn)
        .map(({ linkNumber }) => linkNumber),
    );
  const [own, others] = [links(true), links(false)];
  return (
    own.size <= FEW_LINKS && others.size >= WHOLE_MAIL.links && [...own].every((link) => others.has(link))
  );
}

/** Whether the link of this click was followed from another network shortly before or after. */
function isSeenElsewhere(clicks: readonly MailHit[], place: number): boolean {
  const hit = clicks[place]!;
  const isNear = (other: MailHit | undefined): other is MailHit =>
    other !== undefined && Math.abs(other.at.getTime() - hit.at.getTime()) <= SECOND_NETWORK_MS;
  const isIt = (other: MailHit) => other.linkNumber === hit.linkNumber && other.network !== hit.network;
  for (let before = place - 1; isNear(clicks[before]); before--) if (isIt(clicks[before]!)) return true;
  for (let after = place + 1; isNear(clicks[after]); after++) if (isIt(clicks[after]!)) return true;
  return false;
}
