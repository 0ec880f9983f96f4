import { describe, expect, it } from 'vitest';
import { checkAlert } from '../../../src/domain/sales/alert-check.ts';
import { salesAlertMail } from '../../../src/domain/sales/alert-mail.ts';
import { effectOf } from '../../../src/domain/sales/outcome.ts';
import { sourceInWords } from '../../../src/domain/sales/source-in-words.ts';
import { testProgramme } from '../../support/programme.ts';

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
  const scoring = { threshold: 12, customerThreshold: 6 };
  const lead = { stage: 'sql', score: 12, isCustomer: false } as const;
  const qualification = { score: 12, byPost: false, closedAt: null };

  it.each([
    ['still warm', lead, qualification, { send: true }],
    ['points taken back', { ...lead, score: 11 }, qualification, { send: false, returnsLead: true }],
    [
      'fell, but not under the threshold',
      { ...lead, score: 12 },
      { ...qualification, score: 15 },
      { send: true },
    ],
    ['pressed a button', { ...lead, score: 3 }, { ...qualification, byPost: true }, { send: true }],
    [
      'chosen content, below the threshold',
      { ...lead, score: 5 },
      { ...qualification, score: 5 },
      { send: true },
    ],
    ['a customer', { ...lead, score: 6, isCustomer: true }, { ...qualification, score: 7 }, { send: true }],
    ['answered', lead, { ...qualification, closedAt: new Date() }, { send: false, returnsLead: false }],
  ])('%s', (_, who, which, verdict) => {
    expect(checkAlert(who, which, scoring)).toMatchObject(verdict);
  });
});

describe('the alert mail', () => {
  const at = new Date('2026-11-24T09:00:00Z');
  const entry = (rule: string, points: number) => ({ at, points, rule, cause: `cause of ${rule}` });
  const lead = {
    name: 'Anna',
    email: 'anna@lead.example',
    company: null,
    jobTitle: null,
    phone: null,
    isCustomer: false,
    score: 12,
    interests: ['stock', 'payroll'],
    source: { utm_campaign: 'fair', utm_source: 'google' },
  };

  it('tells what the lead did since it was last with sales, and not what we did', () => {
    const mail = salesAlertMail(
      lead,
      { at },
      [entry('form-call-back', 12), entry('further-mail', -1), entry('returned', -9), entry('open', 1)],
      testProgramme(),
      'https://x/staff/leads/1',
    );
    expect(mail.acts).toEqual([{ what: 'cause of form-call-back', at: at.toISOString(), points: 12 }]);
    expect(mail).toMatchObject({ score: 12, threshold: 12, profileUrl: 'https://x/staff/leads/1' });
    expect(mail.lead).toMatchObject({ interests: ['Payroll', 'Stock'], source: 'campaign fair (google)' });
  });

  it('puts the source in words', () => {
    expect(sourceInWords({})).toBeNull();
    expect(sourceInWords({ utm_medium: 'cpc', landing_page: '/a' })).toBe('campaign cpc, landing page /a');
    expect(sourceInWords({ download: 'guide', referrer: 'https://a.example' })).toBe(
      'download "guide", from https://a.example',
    );
  });
});
