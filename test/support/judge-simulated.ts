import type { Verdict } from '../../src/domain/tracking/hit.ts';
import { judgeMail, type MailHit } from '../../src/domain/tracking/judge-mail.ts';
import type { MakeHit } from '../../src/web/tracking/arrived-hit.ts';
import { LINKS } from './leads.ts';
import { testProgramme } from './programme.ts';
import type { SimulatedHit, SimulatedReader } from './scanner-simulation.ts';

/** The hold window of simulated issues. Milliseconds. */
export const HOLD_MS = 120_000;
const { machines, scoring, callsToAction, footerLinks } = testProgramme();
const FOOTER: readonly number[] = LINKS.filter(([, role]) => role === 'footer').map(([number]) => number);

const POINTS = new Map<number, number>(
  LINKS.map(([number, role, target]) => [
    number,
    [...callsToAction, ...footerLinks].find(({ id }) => role !== 'article' && id === target)?.points ??
      scoring.points.article,
  ]),
);
const AT_ONCE: readonly number[] = LINKS.filter(([, , , url]) => scoring.sqlAtOnceUrls.includes(url)).map(
  ([number]) => number,
);

export interface JudgedHit extends SimulatedHit {
  verdict: Verdict;
}

/** Of one simulated reader: each hit with what it is taken for, when all up to then are known. Without the database. */
export function judgeSimulated(
  { sentAt, isGateway }: SimulatedReader,
  hits: readonly SimulatedHit[],
  makeHit: MakeHit,
): JudgedHit[] {
  const made = hits.map((hit): MailHit => {
    const { kind, linkNumber, at, request } = hit;
    const { verdict, userAgent, ...recorded } = makeHit(request, { kind, deliveryId: 1, linkNumber });
    return { ...recorded, at, class: verdict.class, agent: userAgent };
  });
  const facts = { sentAt, isOnTheWire: false, gateway: isGateway ? 'Mimecast' : null, footer: FOOTER };
  const found = judgeMail(facts, made, machines);
  return hits.map((hit, place) => ({
    ...hit,
    verdict: found.get(place) ?? { class: made[place]!.class, reasons: [] },
  }));
}

/** Whether these links, beside what the reader had before, are an SQL. The simulation has given reader n n % 10 points. */
export function isEarned(reader: SimulatedReader, links: readonly (number | null)[], opens: number): boolean {
  const followed = [...new Set(links)].map(Number);
  if (followed.length === 0) return false;
  if (followed.some((link) => AT_ONCE.includes(link))) return true;
  const points = followed.reduce((sum, link) => sum + POINTS.get(link)!, Math.min(opens, 1));
  return (reader.number % 10) + points >= scoring.threshold;
}
