import type { FastifyRequest } from 'fastify';
import { LINKS } from './leads.ts';
import { APPLE_MAIL } from './simulated-agents.ts';
import { read, readKeenly } from './simulated-people.ts';
import { scan } from './simulated-scanners.ts';

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
  /** How the reader reads everything within ten minutes, in words; null: does not. */
  keen: string | null;
  /** The scanner is a gateway that the MX shows. */
  isGateway: boolean;
  sentAt: Date;
}

export interface SimulationOptions {
  /** The links of the mail. */
  links?: readonly number[];
  /**
   * 'whole': scanners follow every link, from wherever. 'mixed': a third follow only some, from clouds, and there are
   * all kinds: with HEAD first, every link twice, a link from a network each, from the company's own network, without a
   * window, by the clock, and in a person's time.
   */
  scanners?: 'whole' | 'mixed';
}

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
/** Seconds since the mail was delivered. */
export type Add = (seconds: number, linkNumber: number | null, who: Visitor, method?: string) => void;

/**
 * An issue to `readers` people: 40 % behind scanners that follow links 20 s to 5 min after delivery, with the agents of
 * browsers; 60 % read with Apple Mail, which loads images whether or not anybody looks; a quarter are people who click,
 * scanned or not, and another twentieth are keen: they follow four links or all within ten minutes. All hits, in order of
 * time.
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
    if (random() < 0.6)
      add(1 + random() * 900, null, { isPerson: false, ip: dice.address(), agent: APPLE_MAIL });
    const mood = random();
    const keen = mood < 0.05 ? readKeenly(add, dice, links, office) : null;
    if (keen === null && mood < 0.3) read(add, dice, links, office);
    people.push({ number, scanner, keen, isGateway, sentAt });
  }
  return { people, hits: hits.sort((a, b) => a.at.getTime() - b.at.getTime()) };
}

export interface Dice {
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
