import { describe, expect, it } from 'vitest';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import type { ScoredLead } from '../../../src/domain/scoring/score.ts';
import { type ClickedLink, compileRules } from '../../../src/domain/scoring/score-rules.ts';
import type { HitClass } from '../../../src/domain/tracking/hit.ts';
import { mayQualify } from '../../../src/journey/scoring/ledger/look-ups.ts';
import { scoreEvents, type WrittenEvent } from '../../../src/journey/scoring/ledger/score-events.ts';
import { aHit } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

const at = new Date('2026-11-24T09:00:00Z');
const book = compileRules(testProgramme(), testLinks.absolute);
const lead = (fields: Partial<ScoredLead> = {}): ScoredLead => ({
  id: 1,
  status: 'active',
  stage: 'mql',
  isCustomer: false,
  score: 0,
  mailsSent: 5,
  hasOpenQualification: false,
  round: 0,
  hasActed: true,
  ...fields,
});
const article = (n: number): ClickedLink => ({
  role: 'article',
  targetId: String(n),
  url: `https://blog.example/${n}`,
  label: `Article ${n}`,
});
const written = (leadEvent: LeadEvent, eventId: number, link: ClickedLink | null = null): WrittenEvent => ({
  leadEvent,
  subscriberId: 1,
  link,
  eventId,
  found: {},
});
const click = (n: number, taken: HitClass = 'human'): WrittenEvent =>
  written(
    { kind: 'click', at, deliveryId: 7, linkNumber: n, hit: aHit, verdict: { class: taken, reasons: [] } },
    n,
    article(n),
  );
const form = (name: string): WrittenEvent =>
  written({ kind: 'form', at, subscriberId: 1, deliveryId: null, form: name, hit: aHit, details: {} }, 90);
const score = (known: WrittenEvent[], before: ScoredLead, counted = new Map<string, Date>()) =>
  scoreEvents(known, { leads: new Map([[1, before]]), counted, histories: new Map(), isAgain: false }, book);

describe('events become points', () => {
  it('one after the other, each cause once, and the score is the sum', () => {
    const { entries, changes, crossings } = score([click(1), click(2), click(1)], lead());
    expect(entries.map(({ points, eventId }) => [points, eventId])).toEqual([
      [3, 1],
      [3, 2],
    ]);
    expect(changes).toMatchObject([{ before: { score: 0 }, lead: { score: 6 }, actedAt: at }]);
    expect(crossings).toEqual([]);
  });

  it('and a lead crosses once, by the event that carries it over', () => {
    const { crossings, changes } = score([click(1), click(2), click(3)], lead({ score: 7 }));
    expect(crossings).toMatchObject([
      { subscriberId: 1, qualificationTrigger: { score: 13, byPost: false } },
    ]);
    expect(changes).toMatchObject([{ lead: { stage: 'sql', hasOpenQualification: true, score: 16 } }]);
  });

  it('but none for a machine, nor for what was counted before', () => {
    expect(score([click(1, 'machine')], lead())).toMatchObject({ entries: [], changes: [] });
    const counted = new Map([['1 click:d7:1', new Date(at.getTime() - 1)]]);
    expect(score([click(1)], lead(), counted).entries).toEqual([]);
  });
});

describe('while the alert waits', () => {
  const open = lead({ stage: 'sql', hasOpenQualification: true, score: 20 });

  it('a wish to be called lets it go, and a form that makes no SQL does not', () => {
    expect(score([form('call-back')], open).callRequests).toEqual([{ subscriberId: 1, at }]);
    expect(score([form('webinar')], open).callRequests).toEqual([]);
    expect(score([form('call-back')], lead()).callRequests).toEqual([]);
  });

  it('a hit in doubt holds it on, and a person’s does not', () => {
    expect(score([click(1, 'doubtful')], open).doubts).toEqual([{ subscriberId: 1, at }]);
    expect(score([click(1)], open).doubts).toEqual([]);
    expect(score([click(1, 'doubtful')], lead()).doubts).toEqual([]);
  });
});

it('only who could become an SQL by these events is looked at closely', () => {
  const mayCross = (fields: Partial<ScoredLead>, known = [click(1)]) =>
    mayQualify(known, new Map([[1, lead(fields)]]), book);
  expect(mayCross({ score: 9 })).toEqual([1]);
  expect(mayCross({ score: 8 })).toEqual([]);
  expect(mayCross({ score: 6 }, [click(1), click(2)])).toEqual([1]);
  expect(mayCross({ score: 3, isCustomer: true })).toEqual([1]);
  expect(mayCross({ score: 50, stage: 'sql' })).toEqual([]);
  expect(mayCross({ score: 50, hasOpenQualification: true })).toEqual([]);
});
