import type { FastifyRequest } from 'fastify';
import { LINKS } from './leads.ts';

/** One hit of the simulated issue, and whether a person made it. */
export interface SimulatedHit {
  reader: number;
  at: Date;
  kind: 'open' | 'click';
  linkNumber: number | null;
  isPerson: boolean;
  request: FastifyRequest;
}

export interface SimulatedReader {
  number: number;
  /** What reads the mail before its reader does, in words; null: nothing. */
  scanner: string | null;
  /** The scanner is a gateway that the MX shows. */
  isGateway: boolean;
  sentAt: Date;
}

export interface SimulationOptions {
  /** The links of the mail. */
  links?: readonly number[];
  /**
   * 'whole': scanners follow every link, from wherever. 'mixed': a third follow only some, from clouds, and there are
   * all kinds: with HEAD first, every link twice, a link from a network each, from the company's own network.
   */
  scanners?: 'whole' | 'mixed';
}

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15';
const EDGE = `${CHROME} Edg/142.0.0.0`;
const BROWSERS = [CHROME, SAFARI, EDGE];
const APPLE_MAIL = 'Mozilla/5.0';

/** The same numbers for the same seed, so that a failure can be looked at again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Visitor {
  isPerson: boolean;
  ip: string;
  agent: string;
}
type Add = (seconds: number, linkNumber: number | null, who: Visitor, method?: string) => void;

/**
 * An issue to `readers` people: 40 % behind scanners that follow links 20 s to 5 min after delivery, with the agents of
 * browsers; 60 % read with Apple Mail, which loads images whether or not anybody looks; a quarter are people who click,
 * scanned or not. All hits, in order of time.
 */
export function simulateIssue(
  readers: number,
  begin: Date,
  random: () => number,
  { links = LINKS.map(([number]) => number), scanners = 'mixed' }: SimulationOptions = {},
): { people: SimulatedReader[]; hits: SimulatedHit[] } {
  const dice = makeDice(random);
  const people: SimulatedReader[] = [];
  const hits: SimulatedHit[] = [];
  for (let number = 0; number < readers; number++) {
    const sentAt = new Date(begin.getTime() + Math.floor(random() * 600_000));
    const add: Add = (seconds, linkNumber, { isPerson, ip, agent }, method = 'GET') =>
      hits.push({
        reader: number,
        at: new Date(sentAt.getTime() + Math.round(seconds * 1000)),
        kind: linkNumber === null ? 'open' : 'click',
        linkNumber,
        isPerson,
        request: { method, ip, headers: { 'user-agent': agent } } as unknown as FastifyRequest,
      });
    // Colleagues surf from one address of their company.
    const office = `${dice.pick(HOMES)}.${dice.between(0, 255)}.${dice.between(0, 20)}`;
    const isBehindScanner = random() < 0.4;
    const isGateway = isBehindScanner && random() < 0.3;
    const scanner = isBehindScanner ? scan(add, dice, links, scanners === 'mixed', office) : null;
    people.push({ number, scanner, isGateway, sentAt });
    if (random() < 0.6)
      add(1 + random() * 900, null, { isPerson: false, ip: dice.address(), agent: APPLE_MAIL });
    if (random() < 0.25) read(add, dice, links, office);
  }
  return { people, hits: hits.sort((a, b) => a.at.getTime() - b.at.getTime()) };
}

interface Dice {
  random: () => number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  pick<T>(from: readonly T[]): T;
  some<T>(from: readonly T[], count: number): T[];
  /** Of somebody at home or a scanner nobody knows. */
  address(): string;
}

function makeDice(random: () => number): Dice {
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  return {
    random,
    between,
    pick: (from) => from[Math.floor(random() * from.length)]!,
    some: (from, count) =>
      from
        .map((one) => ({ one, place: random() }))
        .sort((a, b) => a.place - b.place)
        .slice(0, count)
        .map(({ one }) => one),
    address: () => `${HOMES[between(0, HOMES.length - 1)]}.${between(0, 255)}.${between(21, 255)}.7`,
  };
}

/** Where people live and work. */
const HOMES = [80, 81, 82, 83, 84, 86, 87, 90, 92, 93];
/** Amazon, Google, Microsoft. */
const CLOUDS = ['54.171', '35.205', '20.82', '52.58', '34.90', '40.112'];

/** Follows links as a scanner does. Returns in words how. */
function scan(add: Add, dice: Dice, links: readonly number[], isMixed: boolean, office: string): string {
  const { random, between, pick, some } = dice;
  const owner = pick(['known', 'cloud', 'unknown', ...(isMixed ? ['office'] : [])] as const);
  // Who follows a link or two from nowhere known, minutes after delivery, cannot be told from a person by anybody.
  const isPartial = isMixed && (owner === 'known' || owner === 'cloud') && random() < 0.5;
  const followed = isPartial ? some(links, between(1, links.length)) : [...links];
  const newAddress = () => {
    if (owner === 'known') return `67.231.${between(144, 159)}.${between(1, 255)}`;
    if (owner === 'cloud') return `${pick(CLOUDS)}.${between(0, 255)}.${between(1, 255)}`;
    return owner === 'office' ? `${office}.9` : dice.address();
  };
  const roaming = random();
  const count = roaming < 0.6 ? 1 : roaming < 0.85 || !isMixed ? 4 : links.length;
  const addresses = Array.from({ length: count }, newAddress);
  const agents = random() < 0.5 ? [pick(BROWSERS)] : BROWSERS;
  const visitor = () => ({ isPerson: false, ip: pick(addresses), agent: pick(agents) });

  const manner = pick(['at once', 'one after the other', 'until five minutes are over'] as const);
  const start = random() < 0.66 ? 20 + random() * 40 : 60 + random() * 180;
  const timeOf = (place: number) =>
    manner === 'at once'
      ? start + random() * 4
      : manner === 'one after the other'
        ? Math.min(start + place * (1 + random() * 5), 300)
        : start + random() * (300 - start);
  if (random() < 0.5) add(start - 1, null, visitor());
  const asksFirst = isMixed && random() < 0.15;
  const isTwice = isMixed && random() < 0.15;
  for (const [place, link] of followed.entries()) {
    const seconds = timeOf(place);
    const who = visitor();
    if (asksFirst) add(seconds - 0.3, link, who, 'HEAD');
    add(seconds, link, who);
    if (isTwice) add(seconds + 1 + random() * 60, link, visitor());
  }
  const words = [
    owner,
    manner,
    isPartial ? 'some links' : 'every link',
    count > 1 ? 'from several networks' : '',
    asksFirst ? 'HEAD first' : '',
    isTwice ? 'twice' : '',
  ];
  return words.filter(Boolean).join(', ');
}

/** Opens the mail a minute to a day after delivery, most in the first hours, and clicks one to three links. */
function read(
  add: Add,
  { random, between, pick, some, address }: Dice,
  links: readonly number[],
  office: string,
) {
  const ip = random() < 0.5 ? `${office}.5` : address();
  const who = { isPerson: true, ip, agent: pick(BROWSERS) };
  let seconds = 40 * (86_400 / 40) ** random();
  if (random() < 0.7) add(seconds, null, who);
  const isFast = random() < 0.3;
  for (const link of some(links, between(1, Math.min(3, links.length)))) {
    seconds += isFast ? 1 + random() * 4 : 4 + random() * 86;
    add(seconds, link, who);
    // Once in a while a person clicks again.
    if (random() < 0.1) add(seconds + 2, link, who);
  }
}
