import { describe, expect, it } from 'vitest';
import type { Subscriber } from '../../../src/domain/audience/subscriber.ts';
import { asText } from '../../../src/domain/reason.ts';
import { checkAlert } from '../../../src/domain/sales/alert-check.ts';
import { salesAlertMail } from '../../../src/domain/sales/alert-mail.ts';
import { effectOf } from '../../../src/domain/sales/outcome.ts';
import { sourceInWords } from '../../../src/domain/sales/source-in-words.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { tellIn } from '../../support/say.ts';

describe('what an outcome does', () => {
  it.each([
    ['in-progress', false, { closes: false }],
    ['rejected', false, { closes: true, stage: 'mql', isCustomer: false }],
    ['lost', false, { closes: true, stage: 'mql', isCustomer: false }],
    ['won', false, { closes: true, stage: 'customer', isCustomer: true }],
    ['rejected', true, { closes: true, stage: 'customer', isCustomer: true }],
    ['lost', true, { closes: true, stage: 'customer', isCustomer: true }],
    ['won', true, { closes: true, stage: 'customer', isCustomer: true }],
  ] as const)('%s, customer before: %s', (status, isCustomer, effect) => {
    expect(effectOf(status, { isCustomer })).toEqual(effect);
  });
});

describe('looking again before an alert is sent', () => {
  const scoring = { threshold: 12, customerThreshold: 6, mailsBeforeSql: 2 };
  const lead = { status: 'active', stage: 'sql', score: 12, isCustomer: false, mailsSent: 3 } as const;
  const qualification = { byPost: false, closedAt: null, hasActAtOnce: false, hasActed: true };
  const atOnce = { ...qualification, hasActAtOnce: true };

  it.each([
    ['still warm', lead, qualification, { send: true }],
    ['points taken back', { ...lead, score: 11 }, qualification, { send: false, returnsLead: true }],
    ['a button that counts', { ...lead, score: 3 }, { ...atOnce, byPost: true }, { send: true }],
    [
      'a button, but under the threshold since',
      { ...lead, score: 3 },
      { ...qualification, byPost: true },
      { send: false, returnsLead: true },
    ],
    [
      'asked for a call and unsubscribed',
      { ...lead, status: 'unsubscribed' },
      { ...atOnce, byPost: true },
      { send: true },
    ],
    ['unsubscribed', { ...lead, status: 'unsubscribed' }, qualification, { send: false, returnsLead: true }],
    ['chosen content, below the threshold', { ...lead, score: 5, mailsSent: 1 }, atOnce, { send: true }],
    [
      'chosen content, but a machine had opened it',
      { ...lead, score: 20, mailsSent: 1 },
      qualification,
      { send: false, returnsLead: true },
    ],
    [
      'only opens are left',
      { ...lead, score: 20 },
      { ...qualification, hasActed: false },
      { send: false, returnsLead: true },
    ],
    ['a customer', { ...lead, score: 6, isCustomer: true }, qualification, { send: true }],
    ['answered', lead, { ...qualification, closedAt: new Date() }, { send: false, returnsLead: false }],
    ['no SQL any more', { ...lead, stage: 'mql' }, qualification, { send: false, returnsLead: true }],
  ] as const)('%s', (_, who, which, verdict) => {
    expect(checkAlert(who, which, scoring)).toMatchObject(verdict);
  });
});

describe('the alert mail', () => {
  const at = new Date('2026-11-24T09:00:00Z');
  const entry = (rule: string, points: number) => ({ at, points, rule, cause: asText(`cause of ${rule}`) });
  const lead = {
    id: 1,
    name: 'Anna',
    email: 'anna@lead.example',
    company: null,
    jobTitle: null,
    phone: null,
    isCustomer: false,
    score: 12,
    interests: ['stock', 'payroll'],
    source: { utm_campaign: 'fair', utm_source: 'google' },
  } as unknown as Subscriber;

  it('tells what the lead did since it was last with sales, and not what we did', () => {
    const mail = salesAlertMail(
      {
        lead,
        qualification: { id: 7, at },
        fit: { percent: 60, words: 'manager', reason: null, priority: 55 },
        entries: [
          entry('form-call-back', 12),
          entry('further-mail', -1),
          entry('returned', -9),
          entry('open', 1),
        ],
        reads: [{ title: 'One', url: 'https://blog.example/one', at }],
        wish: { phone: '020 1', bestTime: '', form: 'call-back' },
        colleagues: [{ name: null, email: 'bram@lead.example', score: 4 }],
      },
      testProgramme(),
      testLinks,
      'en',
      tellIn('en'),
    );
    expect(mail.acts).toEqual([
      {
        what: 'cause of form-call-back',
        reason: asText('cause of form-call-back'),
        at: at.toISOString(),
        points: 12,
      },
    ]);
    expect(mail).toMatchObject({
      score: 12,
      threshold: 12,
      wish: { form: 'call-back', phone: '020 1', bestTime: null, note: null },
      reads: [{ title: 'One', url: 'https://blog.example/one', at: at.toISOString() }],
      colleagues: [{ name: 'bram@lead.example', score: 4 }],
      profileUrl: testLinks.profile(1),
      answers: [
        { status: 'in-progress', url: testLinks.answer(1, 7, 'in-progress') },
        { status: 'rejected', url: testLinks.answer(1, 7, 'rejected') },
      ],
    });
    expect(mail.lead).toMatchObject({ interests: ['Payroll', 'Stock'], source: 'campaign fair (google)' });
  });

  it('tells what was written by a form of the site, whatever its fields are called', () => {
    const facts = {
      lead,
      qualification: { id: 7, at },
      fit: { percent: 60, words: '', reason: null, priority: 55 },
    };
    const wished = (wish: Record<string, unknown>) =>
      salesAlertMail(
        { ...facts, entries: [], reads: [], colleagues: [], wish },
        testProgramme(),
        testLinks,
        'en',
        tellIn('en'),
      ).wish;
    expect(wished({ form: 'contact', question: 'How much?', phone: '020 1', country: 'NL' })).toEqual({
      form: 'contact',
      phone: '020 1',
      bestTime: null,
      note: 'question: How much?',
    });
    expect(wished({ form: 'order', message: 'Ten of them' })).toMatchObject({
      form: 'order',
      note: 'Ten of them',
    });
    expect(wished({ form: 'contact', name: 'Ann' })).toMatchObject({ note: null });
  });

  it('puts the source in words', () => {
    expect(sourceInWords({})).toBeNull();
    expect(sourceInWords({ utm_medium: 'cpc', landing_page: '/a' })).toBe('campaign cpc, landing page /a');
    expect(sourceInWords({ download: 'guide', referrer: 'https://a.example' })).toBe(
      'download "guide", from https://a.example',
    );
  });
});
