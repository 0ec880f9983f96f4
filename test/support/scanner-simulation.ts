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
  isBehindScanner: boolean;
  /** The scanner is a gateway that the MX shows. */
  isGateway: boolean;
  sentAt: Date;
}

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Safari/605.1.15';
const EDGE = `${CHROME} Edg/142.0.0.0`;
const BROWSERS = [CHROME, SAFARI, EDGE];

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

/**
 * An issue to `readers` people: 40 % behind scanners that follow every link 20 s to 5 min after delivery, with the agents
 * of browsers; 60 % read with Apple Mail, which loads images whether or not anybody looks; a quarter are people who click,
 * scanned or not. All hits, in order of time.
 */
export function simulateIssue(
  readers: number,
  begin: Date,
  random: () => number,
): { people: SimulatedReader[]; hits: SimulatedHit[] } {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const between = (least: number, most: number) => least + random() * (most - least);
  const people: SimulatedReader[] = [];
  const hits: SimulatedHit[] = [];
  for (let number = 0; number < readers; number++) {
    const isBehindScanner = random() < 0.4;
    const isGateway = isBehindScanner && random() < 0.3;
    const sentAt = new Date(begin.getTime() + Math.floor(random() * 600_000));
    people.push({ number, isBehindScanner, isGateway, sentAt });
    const add = (
      seconds: number,
      linkNumber: number | null,
      who: { isPerson: boolean; ip: string; agent: string },
    ) =>
      hits.push({
        reader: number,
        at: new Date(sentAt.getTime() + seconds * 1000),
        kind: linkNumber === null ? 'open' : 'click',
        linkNumber,
        isPerson: who.isPerson,
        request: {
          method: 'GET',
          ip: who.ip,
          headers: { 'user-agent': who.agent },
        } as unknown as FastifyRequest,
      });
    const address = (known: boolean) =>
      known
        ? `67.231.${Math.floor(between(144, 159))}.${Math.floor(between(1, 255))}`
        : `${Math.floor(between(11, 200))}.${Math.floor(between(0, 255))}.${Math.floor(between(0, 255))}.7`;

    if (isBehindScanner) scan();
    if (random() < 0.6)
      add(between(1, 900), null, { isPerson: false, ip: address(false), agent: 'Mozilla/5.0' });
    if (random() < 0.25) read();

    function scan() {
      const isKnown = random() < 0.5;
      const networks = random() < 0.3 ? [1, 2, 3, 4].map(() => address(isKnown)) : [address(isKnown)];
      const start = random() < 0.66 ? between(20, 60) : between(60, 240);
      // All at once; one after the other; or each at its own time until five minutes are over.
      const manner = random();
      const agents = random() < 0.5 ? [pick(BROWSERS)] : BROWSERS;
      if (random() < 0.5) add(start - 1, null, { isPerson: false, ip: networks[0]!, agent: agents[0]! });
      for (const [place, [linkNumber]] of LINKS.entries()) {
        const seconds =
          manner < 0.5
            ? start + between(0, 4)
            : manner < 0.8
              ? start + place * between(1, 6)
              : between(start, 300);
        add(seconds, linkNumber, { isPerson: false, ip: pick(networks), agent: pick(agents) });
      }
    }

    function read() {
      const who = { isPerson: true, ip: address(false), agent: pick(BROWSERS) };
      // From a minute to a day after delivery, most of them in the first hours.
      let seconds = 40 * (86_400 / 40) ** random();
      if (random() < 0.7) add(seconds, null, who);
      const clicks = 1 + Math.floor(random() * 3);
      const links = LINKS.map(([link]) => link).sort(() => random() - 0.5);
      for (const link of links.slice(0, clicks)) {
        seconds += between(4, 90);
        add(seconds, link, who);
        // Once in a while a person clicks again.
        if (random() < 0.1) add(seconds + 3, link, who);
      }
    }
  }
  return { people, hits: hits.sort((a, b) => a.at.getTime() - b.at.getTime()) };
}
