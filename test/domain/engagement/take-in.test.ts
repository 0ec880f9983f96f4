import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Happening, Hit, Verdict } from '../../../src/domain/engagement/happening.ts';
import { type ClickedLink, scoreBook } from '../../../src/domain/engagement/rules.ts';
import type { ScoredLead } from '../../../src/domain/engagement/score.ts';
import { takeIn } from '../../../src/domain/engagement/take-in.ts';
import { testProgramme } from '../../support/programme.ts';

const at = new Date('2026-11-24T09:00:00Z');
const hit: Hit = { method: 'GET', ip: null, userAgent: 'Firefox', purpose: null };
const human: Verdict = { class: 'human', reasons: [] };
const book = scoreBook(testProgramme(), (url) => url);
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
const click = (linkNumber = 1): Happening => ({
  kind: 'click',
  at,
  deliveryId: 1,
  linkNumber,
  hit,
  verdict: human,
});
const open: Happening = { kind: 'open', at, deliveryId: 1, hit, verdict: human };
const mail = (deliveryId = 9): Happening => ({ kind: 'mail-sent', at, subscriberId: 1, deliveryId });
const form: Happening = {
  kind: 'form',
  at,
  subscriberId: 1,
  deliveryId: null,
  form: 'call-back',
  hit,
  details: {},
};
const typed: Happening = { kind: 'download', at, subscriberId: 1, name: 'guide.pdf', hit, isTyped: true };
const never = () => false;

describe('the crossing to SQL', () => {
  it.each<[string, ScoredLead, Happening, ClickedLink | null, object | null]>([
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
  ])('%s', (_, before, happening, link, expected) => {
    const { crossing, lead: after } = takeIn(before, happening, link, never, book);
    if (expected) {
      expect(crossing).toMatchObject(expected);
      expect(after).toMatchObject({ stage: 'sql', hasOpenQualification: true });
    } else {
      expect(crossing).toBeNull();
      expect(after.stage).toBe(before.stage);
    }
  });
});

it('a return from sales is no crossing, wherever it brings the score', () => {
  const generous = scoreBook(
    testProgramme({ scoring: { ...testProgramme().scoring, scoreAfterReturn: 20 } }),
    (url) => url,
  );
  const returned: Happening = {
    kind: 'returned',
    at,
    subscriberId: 1,
    qualificationId: 5,
    outcome: 'lost',
    staffEmail: 'sam@tessel.example',
  };
  const taken = takeIn(lead({ score: 14 }), returned, null, never, generous);
  expect(taken).toMatchObject({ crossing: null, lead: { score: 20, stage: 'mql' } });
});

describe('one cause', () => {
  it('counts once, whatever is sent again', () => {
    const before = lead({ score: 9 });
    expect(takeIn(before, click(), article, () => true, book)).toEqual({
      lead: before,
      entries: [],
      crossing: null,
    });
    expect(takeIn(before, mail(), null, () => true, book).lead.mailsSent).toBe(3);
  });
});

describe('laws', () => {
  const happening = fc.oneof(
    fc.record({ kind: fc.constant('mail'), n: fc.nat(6) }),
    fc.record({ kind: fc.constant('open'), n: fc.nat(3) }),
    fc.record({ kind: fc.constant('click'), n: fc.nat(6) }),
    fc.record({ kind: fc.constant('form'), n: fc.constant(0) }),
  );

  it('the score is the sum of its entries, never twice for one cause, and one crossing at most', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 60 }), (happenings) => {
        const counted = new Set<string>();
        const keys: string[] = [];
        let who = lead({ mailsSent: 0 });
        let sum = 0;
        let crossings = 0;
        for (const { kind, n } of happenings) {
          const what =
            kind === 'mail'
              ? mail(n)
              : kind === 'open'
                ? { ...open, deliveryId: n }
                : kind === 'click'
                  ? click(n)
                  : form;
          const taken = takeIn(who, what as Happening, article, (key) => counted.has(key), book);
          if (kind === 'mail') counted.add(`mail:d${n}`);
          for (const entry of taken.entries) {
            counted.add(entry.onceKey);
            keys.push(entry.onceKey);
            sum += entry.points;
          }
          if (taken.crossing) crossings += 1;
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
