import { describe, expect, it } from 'vitest';
import type { WrittenRule } from '../../../src/domain/programme.ts';
import { applyEvent } from '../../../src/domain/scoring/apply-event.ts';
import type { LeadEvent, RuledKind } from '../../../src/domain/scoring/lead-event.ts';
import {
  changeBackTo,
  changeRules,
  rulesToKeep,
  rulesVersion,
} from '../../../src/domain/scoring/rule-change.ts';
import { dedupeKey, ruleOfEvent, type ScoredLead, scoreEvent } from '../../../src/domain/scoring/score.ts';
import { type ClickedLink, compileRules, scoreRules } from '../../../src/domain/scoring/score-rules.ts';
import { aHit, byHuman } from '../../support/leads.ts';
import { testProgramme } from '../../support/programme.ts';

const at = new Date('2026-11-24T23:30:00Z');
const rule = (fields: Partial<WrittenRule> & { id: string }): WrittenRule => ({
  on: null,
  points: 1,
  often: null,
  cap: null,
  sqlAtOnce: null,
  words: null,
  ...fields,
});
const base = testProgramme();
const withRules = (...rules: WrittenRule[]) => testProgramme({ scoring: { ...base.scoring, rules } });
const bookOf = (...rules: WrittenRule[]) => compileRules(withRules(...rules), (url) => url);
const lead = (fields: Partial<ScoredLead> = {}): ScoredLead => ({
  id: 1,
  status: 'active',
  stage: 'mql',
  isCustomer: false,
  score: 0,
  mailsSent: 3,
  hasOpenQualification: false,
  round: 4,
  ...fields,
});
const article: ClickedLink = {
  role: 'article',
  targetId: '9',
  url: 'https://blog.example/2026/payroll-guide',
  label: 'Guide',
  interests: ['payroll'],
};
const click: LeadEvent = { kind: 'click', at, deliveryId: 17, linkNumber: 3, hit: aHit, verdict: byHuman };
const visit = (page: string): LeadEvent => ({
  kind: 'visit',
  at,
  subscriberId: 1,
  page,
  hit: aHit,
  details: {},
});
const form = (name: string): LeadEvent => ({
  kind: 'form',
  at,
  subscriberId: 1,
  deliveryId: null,
  form: name,
  hit: aHit,
  details: {},
});
const fair: LeadEvent = { kind: 'touchpoint', at, subscriberId: 1, name: 'trade-fair', details: {} };

describe('what a rule is about', () => {
  it.each<[string, WrittenRule['on'], LeadEvent, ClickedLink | null, boolean]>([
    ['an interest', { event: 'click', interests: ['payroll'] }, click, article, true],
    ['another interest', { event: 'click', interests: ['stock'] }, click, article, false],
    [
      'an address with a star',
      { event: 'click', urls: ['https://blog.example/*/payroll'] },
      click,
      article,
      true,
    ],
    ['another address', { event: 'click', urls: ['https://blog.example/payroll'] }, click, article, false],
    ['a role and a target', { event: 'click', role: 'article', target: '9' }, click, article, true],
    [
      'a page by its path',
      { event: 'visit', pages: ['/pricing'] },
      visit('https://tessel.example/pricing/big'),
      null,
      true,
    ],
    [
      'a page by its address',
      { event: 'visit', pages: ['https://tessel.example/*'] },
      visit('https://tessel.example/'),
      null,
      true,
    ],
    [
      'a page that only ends so',
      { event: 'visit', pages: ['/pricing'] },
      visit('https://tessel.example/old/pricing'),
      null,
      false,
    ],
    [
      'signs that mean something to a pattern',
      { event: 'visit', pages: ['/a.b(c)'] },
      visit('https://t.example/a.b(c)'),
      null,
      true,
    ],
    ['a form', { event: 'form', names: ['quote'] }, form('quote'), null, true],
    ['a form of a longer name', { event: 'form', names: ['quote'] }, form('quote-request'), null, false],
    ['forms with a star', { event: 'form', names: ['quote*'] }, form('quote-request'), null, true],
    ['a touchpoint', { event: 'touchpoint', names: ['trade-fair'] }, fair, null, true],
  ])('%s', (_, on, leadEvent, link, fits) => {
    const found = ruleOfEvent(leadEvent, link, bookOf(rule({ id: 'mine', on })));
    expect(found?.id === 'mine').toBe(fits);
  });

  it('wins from the table, and a rule with an id of the table changes that line where it stands', () => {
    const book = bookOf(
      rule({ id: 'guides', on: { event: 'click', urls: ['https://blog.example/'] }, points: 6 }),
      rule({ id: 'click-article', points: 1, cap: 5 }),
    );
    expect(ruleOfEvent(click, article, book)).toMatchObject({ id: 'guides', points: 6 });
    const other = { ...article, url: 'https://news.example/' };
    expect(ruleOfEvent(click, other, book)).toMatchObject({ id: 'click-article', points: 1, cap: 5 });
    expect(scoreRules(withRules(rule({ id: 'open', points: 0 }))).map(({ id }) => id)).toEqual(
      scoreRules(base).map(({ id }) => id),
    );
  });

  it('may make an SQL at once, or no longer', () => {
    const book = bookOf(
      rule({ id: 'quote', on: { event: 'form', names: ['quote'] }, sqlAtOnce: true }),
      rule({ id: 'form-order', points: 3, sqlAtOnce: false }),
    );
    expect(
      applyEvent(lead({ mailsSent: 0 }), form('quote'), null, () => false, book).qualificationTrigger,
    ).toMatchObject({
      rule: 'quote',
    });
    expect(
      applyEvent(lead({ mailsSent: 0 }), form('order'), null, () => false, book).qualificationTrigger,
    ).toBeNull();
  });
});

describe('how often a rule counts', () => {
  it.each<[WrittenRule['often'], LeadEvent, string]>([
    ['once per mail', click, 'mine:d17'],
    ['once per mail and link', click, 'click:d17:3'],
    ['once per day', visit('/x'), 'mine:2026-11-24'],
    ['once per item', visit('/x#y'), 'mine:/x%23y'],
    ['once per round', form('quote'), 'mine:r4'],
    ['once ever', fair, 'mine:ever'],
    [null, visit('/x'), 'visit:/x:2026-11-24'],
    [null, fair, 'touchpoint:trade-fair:2026-11-24'],
    [null, form('quote'), 'form:quote:r4'],
  ])('%s, %#', (often, leadEvent, key) => {
    const book = bookOf(rule({ id: 'mine', on: { event: leadEvent.kind as RuledKind }, often }));
    expect(dedupeKey(leadEvent, 4, ruleOfEvent(leadEvent, article, book))).toBe(key);
  });

  it('ends at the cap, which cuts the last entry and starts anew with a round', () => {
    const book = bookOf(rule({ id: 'click-article', points: 4, cap: 6 }));
    const points = (given: number) =>
      scoreEvent(lead({ roundPoints: new Map([['click-article', given]]) }), click, book, article);
    expect(points(0)).toMatchObject({ points: 4 });
    expect(points(4)).toMatchObject({ points: 2, cause: { code: 'score.cut', values: { now: 2, cap: 6 } } });
    expect(points(6)).toMatchObject({ points: 0 });
  });
});

describe('changed rules', () => {
  it('have another version when they score otherwise, and the same when they do not', () => {
    const { version } = changeRules(base, {}).scoring;
    expect(changeRules(base, { points: { open: 1 }, threshold: 12 }).scoring.version).toBe(version);
    expect(changeRules(base, { points: { open: 2 } }).scoring.version).not.toBe(version);
    expect(changeRules(base, { halfLifeDays: 30 }).scoring.version).not.toBe(version);
    expect(rulesVersion(withRules(rule({ id: 'x', on: { event: 'visit' } })))).not.toBe(version);
  });

  it('can be gone back from', () => {
    const kept = rulesToKeep(changeRules(base, { floor: -5, points: { open: 0, 'click-article': 7 } }));
    const { change, lost } = changeBackTo(kept, base);
    expect(rulesToKeep(changeRules(base, change))).toEqual(kept);
    expect(lost).toEqual([]);
    const grown = withRules(rule({ id: 'pricing', on: { event: 'visit' }, points: 4 }));
    expect(changeBackTo(rulesToKeep(base), grown).change).toEqual({ points: { pricing: 0 } });
    expect(changeBackTo(rulesToKeep(grown), base).lost).toEqual(['pricing']);
  });
});
