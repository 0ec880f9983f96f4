import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent, isLate, lineOf } from '../../../src/domain/scoring/apply-event.ts';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import type { LedgerLine } from '../../../src/domain/scoring/ledger-balance.ts';
import { dedupeKey, ruleOfEvent, type ScoredLead } from '../../../src/domain/scoring/score.ts';
import {
  type ClickedLink,
  type CompiledRules,
  compileRules,
} from '../../../src/domain/scoring/score-rules.ts';
import { aHit, byHuman } from '../../support/leads.ts';
import { testProgramme } from '../../support/programme.ts';

/**
 * The law: a lead's score is what its events make of it in the order of their times, and it is the sum of its ledger; the
 * order in which they are recorded, and how often, does not matter. Three things are facts of the moment and kept with
 * the event: which of the lead's mails a mail was and the stage it found, and the round of a form. So the mails of a lead,
 * days apart, are told in their order here, and nobody becomes an SQL.
 */
const EVENTS = Number(process.env.SCORE_EVENTS ?? 100_000) / 2;
const EVENTS_PER_LEAD = 40;

const base = testProgramme();
const rule = (id: string, page: string, points: number, often: 'once per day' | 'once ever') => ({
  id,
  on: { event: 'visit' as const, pages: [page] },
  points,
  often,
  cap: null,
  sqlAtOnce: null,
  words: null,
});
const bookOf = (rules: ReturnType<typeof rule>[]) =>
  compileRules(
    testProgramme({
      scoring: {
        ...base.scoring,
        threshold: 100_000,
        customerThreshold: 100_000,
        floor: -3,
        scoreAfterReturn: 1,
        points: { ...base.scoring.points, furtherMail: -2 },
        rules,
      },
    }),
    (url) => url,
  );
const pricing = rule('pricing', '/pricing', 2, 'once per day');
const book = bookOf([pricing]);
const withDeductions = bookOf([pricing, rule('jobs-page', '/jobs', -4, 'once ever')]);
const LINKS: ClickedLink[] = [
  { role: 'article', targetId: '1', url: 'https://blog.example/1', label: 'One' },
  { role: 'article', targetId: '2', url: 'https://blog.example/2', label: 'Two' },
  { role: 'call-to-action', targetId: 'brochure', url: 'x', label: 'Brochure' },
  { role: 'footer', targetId: 'press', url: 'x', label: 'Press' },
];

type Step = { leadEvent: LeadEvent; link: ClickedLink | null };

/** Each minute is another one, so that the order of time is plain. Causes are few: many come again. */
const step = fc
  .record({ what: fc.nat(13), mail: fc.nat(5), link: fc.nat(3) })
  .map(({ what, mail, link }) => (at: Date): Step => {
    const common = { at, deliveryId: mail, hit: aHit, verdict: byHuman };
    const visit = { kind: 'visit', at, subscriberId: 1, hit: aHit, details: {} } as const;
    if (what < 5) return { leadEvent: { kind: 'click', linkNumber: link, ...common }, link: LINKS[link]! };
    if (what < 7) return { leadEvent: { kind: 'open', ...common }, link: null };
    if (what < 10)
      return { leadEvent: { kind: 'mail-sent', at, subscriberId: 1, deliveryId: mail }, link: null };
    if (what < 11) return { leadEvent: { ...visit, page: 'https://tessel.example/pricing' }, link: null };
    if (what < 12) return { leadEvent: { ...visit, page: 'https://tessel.example/jobs/7' }, link: null };
    if (what < 13)
      return {
        leadEvent: { kind: 'download', at, subscriberId: 1, name: `file ${link}`, hit: aHit },
        link: null,
      };
    return {
      leadEvent: {
        kind: 'returned',
        at,
        subscriberId: 1,
        qualificationId: mail,
        outcome: 'rejected',
        staffEmail: 's@x.example',
      },
      link: null,
    };
  });

/** What the live ledger does, without its tables. */
function record(steps: readonly Step[], with_: CompiledRules): { score: number; sum: number } {
  const counted = new Map<string, Date>();
  const lines: LedgerLine[] = [];
  let lead: ScoredLead = {
    id: 1,
    status: 'active',
    stage: 'mql',
    isCustomer: false,
    score: 0,
    mailsSent: 0,
    hasOpenQualification: false,
    round: 0,
    roundPoints: new Map(),
  };
  let sum = 0;
  for (const { leadEvent, link } of steps) {
    const past = isLate(lead, leadEvent, with_)
      ? { lines: lines.toSorted((a, b) => a.at - b.at), fadedUntil: null, returnedAt: null }
      : null;
    const key = dedupeKey(leadEvent, 0, ruleOfEvent(leadEvent, link, with_));
    const taken = applyEvent(lead, leadEvent, link, (one) => counted.get(one) ?? false, with_, past);
    if (key !== null && (taken.entries.length > 0 || leadEvent.kind === 'mail-sent'))
      counted.set(key, counted.get(key) ?? leadEvent.at);
    for (const entry of taken.entries) {
      counted.set(entry.dedupeKey, leadEvent.at);
      lines.push(lineOf(entry));
      sum += entry.points;
    }
    lead = taken.lead;
  }
  return { score: lead.score, sum };
}

/** Everything once, twice or three times, in any order. The first of one cause by time is the one that comes again. */
const histories = fc
  .array(step, { minLength: EVENTS_PER_LEAD, maxLength: EVENTS_PER_LEAD, size: 'max' })
  .map((steps) => {
    const seen = new Set<string>();
    return steps
      .map((make, minute) => make(new Date(Date.UTC(2026, 0, 5) + minute * 7_200_000)))
      .filter(({ leadEvent, link }) => {
        // A return and a mail happen once; that they are told again is in the copies.
        const key = dedupeKey(leadEvent, 0, ruleOfEvent(leadEvent, link, withDeductions));
        if (key === null || (leadEvent.kind !== 'returned' && leadEvent.kind !== 'mail-sent'))
          return key !== null;
        return !seen.has(key) && seen.add(key) !== undefined;
      });
  })
  .filter((steps) => steps.length > 0);

describe('the order in which things are recorded', () => {
  const runs = Math.ceil(EVENTS / EVENTS_PER_LEAD);

  it.each([
    ['where only mails take points', book],
    ['where an act takes some too', withDeductions],
  ])(
    `never matters, nor does how often, %s: ${EVENTS} random events`,
    (_, rules) => {
      fc.assert(
        fc.property(histories, fc.infiniteStream(fc.nat(1_000_000)), (steps, random) => {
          const shuffled = [...steps, ...steps.filter((_one, place) => place % 3 === 0)]
            .map((one) => ({ one, place: random.next().value as number }))
            .sort((a, b) => a.place - b.place)
            .map(({ one }) => one);
          const mails = shuffled.flatMap(({ leadEvent }, place) =>
            leadEvent.kind === 'mail-sent' ? [place] : [],
          );
          const inOrder = mails
            .map((place) => shuffled[place]!)
            .sort((a, b) => a.leadEvent.at.getTime() - b.leadEvent.at.getTime());
          for (const [n, place] of mails.entries()) shuffled[place] = inOrder[n]!;
          const inTime = record(steps, rules);
          const inAnyOrder = record(shuffled, rules);
          expect(inAnyOrder.sum).toBe(inAnyOrder.score);
          expect(inAnyOrder).toEqual(inTime);
        }),
        { numRuns: runs },
      );
    },
    300_000,
  );
});
