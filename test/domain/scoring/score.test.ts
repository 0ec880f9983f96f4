import { describe, expect, it } from 'vitest';
import type { Scoring } from '../../../src/domain/programme.ts';
import { applyEvent } from '../../../src/domain/scoring/apply-event.ts';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import { dedupeKey, ruleOfEvent, type ScoredLead, scoreEvent } from '../../../src/domain/scoring/score.ts';
import { type ClickedLink, compileRules, scoreRules } from '../../../src/domain/scoring/score-rules.ts';
import type { Hit, Verdict } from '../../../src/domain/tracking/hit.ts';
import { testProgramme } from '../../support/programme.ts';

const at = new Date('2026-11-24T09:00:00Z');
const hit: Hit = { method: 'GET', ip: '192.0.2.1', userAgent: 'Firefox', purpose: null };
const human: Verdict = { class: 'human', reasons: [] };
const proxied: Verdict = {
  class: 'proxied',
  reasons: [{ code: 'machine.proxy', values: { what: 'proxy' } }],
};
const machine: Verdict = { class: 'machine', reasons: [{ code: 'machine.robot' }] };

const lead = (fields: Partial<ScoredLead> = {}): ScoredLead => ({
  id: 1,
  status: 'active',
  stage: 'mql',
  isCustomer: false,
  score: 4,
  mailsSent: 2,
  hasOpenQualification: false,
  round: 0,
  ...fields,
});
const programme = testProgramme();
const book = compileRules(programme, (url) => url);
const bookWith = (scoring: Partial<Scoring>) =>
  compileRules({ ...programme, scoring: { ...programme.scoring, ...scoring } }, (url) => url);

const article = (url = 'https://blog.example/a'): ClickedLink => ({
  role: 'article',
  targetId: '9',
  url,
  label: 'Payroll in 2027',
});
const call = (targetId: string): ClickedLink => ({
  role: 'call-to-action',
  targetId,
  url: 'x',
  label: targetId,
});
const footer = (targetId: string): ClickedLink => ({ role: 'footer', targetId, url: 'x', label: targetId });
const click: LeadEvent = { kind: 'click', at, deliveryId: 17, linkNumber: 3, hit, verdict: human };
const open: LeadEvent = { kind: 'open', at, deliveryId: 17, hit, verdict: human };
const mail: LeadEvent = { kind: 'mail-sent', at, subscriberId: 1, deliveryId: 17 };
const form = (name: 'call-back' | 'contact' | 'order'): LeadEvent => ({
  kind: 'form',
  at,
  subscriberId: 1,
  deliveryId: null,
  form: name,
  hit,
  details: {},
});
const download: LeadEvent = { kind: 'download', at, subscriberId: 1, name: 'guide.pdf', hit };

describe("the programme's table", () => {
  // Written out by hand from the facts of the programme.
  it.each<[string, LeadEvent, ClickedLink | null, number, string]>([
    ['a further mail to an MQL', mail, null, -1, 'further-mail'],
    ['the mail is opened', open, null, 1, 'open'],
    ['an article is clicked', click, article(), 3, 'click-article'],
    ['call to action 1', click, call('brochure'), 5, 'click-brochure'],
    ['call to action 2', click, call('reference-story'), 5, 'click-reference-story'],
    ['call to action "Call back"', click, call('call-back'), 8, 'click-call-back'],
    ['footer link 1, software', click, footer('software'), 5, 'click-footer-software'],
    ['footer link 2, service', click, footer('service'), 5, 'click-footer-service'],
    ['footer link 3, events', click, footer('events'), 4, 'click-footer-events'],
    ['footer link 4, press', click, footer('press'), 3, 'click-footer-press'],
    ['footer link 5, webinars', click, footer('webinars'), 4, 'click-footer-webinars'],
    ['footer link 6, app centre', click, footer('app-centre'), 4, 'click-footer-app-centre'],
    ['a download on the site', download, null, 5, 'download'],
    ['chosen content', click, article('https://tessel.example/price-list?x=1'), 12, 'sql-at-once-content'],
    ['the call-back form', form('call-back'), null, 12, 'form-call-back'],
    ['the contact form', form('contact'), null, 12, 'form-contact'],
    ['an order', form('order'), null, 12, 'form-order'],
  ])('%s', (_, leadEvent, link, points, rule) => {
    expect(scoreEvent(lead(), leadEvent, book, link)).toMatchObject({ points, rule, at });
  });

  it('has one rule per line, each with its own id', () => {
    const ids = scoreRules(programme).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(3 + 3 + 6 + 2 + 2 + 3);
  });

  it('tells two brochures apart by their ids', () => {
    const [brochure] = programme.callsToAction;
    const two = { ...programme, callsToAction: [brochure!, { ...brochure!, id: 'price', points: 7 }] };
    const act = { event: 'click', class: 'human', link: call('price'), name: null, page: null } as const;
    expect(compileRules(two, (url) => url).ruleOf(act)).toMatchObject({
      id: 'click-brochure-price',
      points: 7,
    });
  });
});

describe('what does not score', () => {
  it.each<[string, ScoredLead, LeadEvent, ClickedLink | null]>([
    ['the first mail', lead({ mailsSent: 0 }), mail, null],
    ['a mail to an SQL', lead({ stage: 'sql' }), mail, null],
    ['a mail to a customer', lead({ stage: 'customer' }), mail, null],
    ["a machine's open", lead(), { ...open, verdict: machine }, null],
    ["a machine's click", lead(), { ...click, verdict: machine }, article()],
    ["a proxy's click", lead(), { ...click, verdict: proxied }, article()],
    ['a link the programme no longer has', lead(), click, footer('gone')],
    ['a link number that is in no table', lead(), click, null],
    ['a confirmation', lead(), { kind: 'confirm', at, subscriberId: 1, hit }, null],
    ['an unsubscribe', lead(), { kind: 'unsubscribe', at, subscriberId: 1, deliveryId: 17, hit }, null],
  ])('%s', (_, who, leadEvent, link) => {
    expect(scoreEvent(who, leadEvent, book, link)).toBeNull();
  });

  it('but an open through a mail proxy does: there is usually a person behind it', () => {
    expect(scoreEvent(lead(), { ...open, verdict: proxied }, book, null)).toMatchObject({ points: 1 });
  });
});

describe('the floor', () => {
  const costly = (floor: number) =>
    bookWith({ floor, points: { ...programme.scoring.points, furtherMail: -3 } });
  const never = () => false;

  it('is kept by an entry of its own, so that the rule gives what it says', () => {
    const { entries, lead: after } = applyEvent(lead({ score: -1 }), mail, null, never, costly(-2));
    expect(entries).toMatchObject([
      { points: -3, rule: 'further-mail', dedupeKey: 'mail:d17' },
      {
        points: 2,
        rule: 'floor',
        dedupeKey: 'floor:mail:d17',
        cause: { code: 'score.held-up', values: { floor: -2 } },
      },
    ]);
    expect(after.score).toBe(-2);
  });

  it('leaves a score under a raised floor where it is', () => {
    expect(applyEvent(lead({ score: -5 }), mail, null, never, costly(0)).lead.score).toBe(-5);
  });
});

describe('a return from sales', () => {
  const returned: LeadEvent = {
    kind: 'returned',
    at,
    subscriberId: 1,
    qualificationId: 5,
    outcome: 'rejected',
    staffEmail: 'sam@tessel.example',
  };

  it.each([
    [14, 0, -14],
    [14, 4, -10],
    [-3, 2, 5],
  ])('brings a score of %i to %i', (score, scoreAfterReturn, points) => {
    const entry = scoreEvent(lead({ score }), returned, bookWith({ scoreAfterReturn }), null);
    expect(entry).toMatchObject({ points, rule: 'returned', dedupeKey: 'returned:q5' });
  });
});

describe('once per cause', () => {
  it.each<[LeadEvent, number, string]>([
    [open, 0, 'open:d17'],
    [click, 0, 'click:d17:3'],
    [mail, 0, 'mail:d17'],
    [download, 0, 'download:guide.pdf'],
    [form('call-back'), 0, 'form:call-back:r0'],
    // A wish after sales sent the lead back is a new wish.
    [form('call-back'), 8, 'form:call-back:r8'],
  ])('%# %j', (leadEvent, round, key) => {
    expect(dedupeKey(leadEvent, round, ruleOfEvent(leadEvent, article(), book))).toBe(key);
  });
});
