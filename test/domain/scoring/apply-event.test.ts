import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../../src/domain/scoring/apply-event.ts';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import type { ScoredLead } from '../../../src/domain/scoring/score.ts';
import { type ClickedLink, compileRules } from '../../../src/domain/scoring/score-rules.ts';
import type { Hit, Verdict } from '../../../src/domain/tracking/hit.ts';
import { testProgramme } from '../../support/programme.ts';

const at = new Date('2026-11-24T09:00:00Z');
const hit: Hit = { method: 'GET', ip: null, userAgent: 'Firefox', purpose: null };
const human: Verdict = { class: 'human', reasons: [] };
const book = compileRules(testProgramme(), (url) => url);
const article: ClickedLink = { role: 'article', targetId: '9', url: 'https://blog.example/a', label: 'A' };
const chosen: ClickedLink = { ...article, url: 'https://tessel.example/price-list' };

const lead = (fields: Partial<ScoredLead> = {}): ScoredLead => ({
  id: 1,
  status: 'active',
  stage: 'mql',
  isCustomer: false,
  score: 0,
  mailsSent: 3,
  hasOpenQualification: false,
  round: 0,
  ...fields,
});
const click = (linkNumber = 1): LeadEvent => ({
  kind: 'click',
  at,
  deliveryId: 1,
  linkNumber,
  hit,
  verdict: human,
});
const open: LeadEvent = { kind: 'open', at, deliveryId: 1, hit, verdict: human };
const mail = (deliveryId = 9): LeadEvent => ({ kind: 'mail-sent', at, subscriberId: 1, deliveryId });
const form: LeadEvent = {
  kind: 'form',
  at,
  subscriberId: 1,
  deliveryId: null,
  form: 'call-back',
  hit,
  details: {},
};
const typed: LeadEvent = { kind: 'download', at, subscriberId: 1, name: 'guide.pdf', hit, isTyped: true };
const never = () => false;

describe('the crossing to SQL', () => {
  it.each<[string, ScoredLead, LeadEvent, ClickedLink | null, object | null]>([
    [
      'at the threshold',
      lead({ score: 9 }),
      click(),
      article,
      { score: 12, rule: 'click-article', byPost: false },
    ],
    ['one point below', lead({ score: 8 }), click(), article, null],
    ['too few mails sent', lead({ score: 9, mailsSent: 2 }), click(), article, null],
    [
      'the third mail opens the gate',
      lead({ score: 13, mailsSent: 2 }),
      mail(),
      null,
      { score: 12, rule: 'mail-sent', byPost: false },
    ],
    ['… but it also costs a point', lead({ score: 12, mailsSent: 2 }), mail(), null, null],
    ['a form needs neither score nor mails', lead({ mailsSent: 0 }), form, null, { score: 12, byPost: true }],
    ['a form below the threshold', lead({ score: -12 }), form, null, { score: 0, rule: 'form-call-back' }],
    [
      'chosen content, first mail',
      lead({ mailsSent: 1 }),
      click(),
      chosen,
      { score: 12, rule: 'sql-at-once-content', byPost: false },
    ],
    [
      'a customer is qualified faster',
      lead({ score: 5, stage: 'customer', isCustomer: true }),
      open,
      null,
      { score: 6, rule: 'open' },
    ],
    ['an MQL is not', lead({ score: 5 }), open, null, null],
    ['already an SQL', lead({ score: 20, stage: 'sql', hasOpenQualification: true }), click(), article, null],
    ['a form of an SQL', lead({ stage: 'sql', hasOpenQualification: true }), form, null, null],
    ['opens alone', lead({ score: 30, hasActed: false }), open, null, null],
    [
      'a further mail after opens alone',
      lead({ score: 30, mailsSent: 2, hasActed: false }),
      mail(),
      null,
      null,
    ],
    ['a download that anybody may have typed', lead({ score: 30, hasActed: true }), typed, null, null],
    ['a download by the reader', lead({ score: 7 }), { ...typed, isTyped: false }, null, { score: 12 }],
    ['an act after opens alone', lead({ score: 30, hasActed: false }), click(), article, { score: 33 }],
    ['an open after an act', lead({ score: 11, hasActed: true }), open, null, { score: 12, rule: 'open' }],
    ['unsubscribed since', lead({ score: 20, status: 'unsubscribed' }), click(), article, null],
    ['unsubscribed, but asks for a call', lead({ status: 'unsubscribed' }), form, null, { byPost: true }],
  ])('%s', (_, before, leadEvent, link, expected) => {
    const { qualificationTrigger, lead: after } = applyEvent(before, leadEvent, link, never, book);
    if (expected) {
      expect(qualificationTrigger).toMatchObject(expected);
      expect(after).toMatchObject({ stage: 'sql', hasOpenQualification: true });
    } else {
      expect(qualificationTrigger).toBeNull();
      expect(after.stage).toBe(before.stage);
    }
  });
});

it('a return from sales is no crossing, wherever it brings the score', () => {
  const generous = compileRules(
    testProgramme({ scoring: { ...testProgramme().scoring, scoreAfterReturn: 20 } }),
    (url) => url,
  );
  const returned: LeadEvent = {
    kind: 'returned',
    at,
    subscriberId: 1,
    qualificationId: 5,
    outcome: 'lost',
    staffEmail: 'sam@tessel.example',
  };
  const taken = applyEvent(lead({ score: 14 }), returned, null, never, generous);
  expect(taken).toMatchObject({ qualificationTrigger: null, lead: { score: 20, stage: 'mql' } });
});

describe('one cause', () => {
  it('counts once, whatever is sent again', () => {
    const before = lead({ score: 9 });
    expect(applyEvent(before, click(), article, () => true, book)).toEqual({
      lead: before,
      entries: [],
      qualificationTrigger: null,
    });
    expect(applyEvent(before, mail(), null, () => true, book).lead.mailsSent).toBe(3);
  });
});

describe('laws', () => {
  const leadEvent = fc.oneof(
    fc.record({ kind: fc.constant('mail'), n: fc.nat(6) }),
    fc.record({ kind: fc.constant('open'), n: fc.nat(3) }),
    fc.record({ kind: fc.constant('click'), n: fc.nat(6) }),
    fc.record({ kind: fc.constant('form'), n: fc.constant(0) }),
  );

  it('the score is the sum of its entries, never twice for one cause, and one crossing at most', () => {
    fc.assert(
      fc.property(fc.array(leadEvent, { maxLength: 60 }), (leadEvents) => {
        const counted = new Set<string>();
        const keys: string[] = [];
        let who = lead({ mailsSent: 0 });
        let sum = 0;
        let crossings = 0;
        for (const { kind, n } of leadEvents) {
          const what =
            kind === 'mail'
              ? mail(n)
              : kind === 'open'
                ? { ...open, deliveryId: n }
                : kind === 'click'
                  ? click(n)
                  : form;
          const taken = applyEvent(who, what as LeadEvent, article, (key) => counted.has(key), book);
          if (kind === 'mail') counted.add(`mail:d${n}`);
          for (const entry of taken.entries) {
            counted.add(entry.dedupeKey);
            keys.push(entry.dedupeKey);
            sum += entry.points;
          }
          if (taken.qualificationTrigger) crossings += 1;
          who = taken.lead;
          expect(who.score).toBe(sum);
          expect(who.score).toBeGreaterThanOrEqual(0);
        }
        expect(new Set(keys).size).toBe(keys.length);
        expect(crossings).toBe(who.stage === 'sql' ? 1 : 0);
      }),
    );
  });
});
