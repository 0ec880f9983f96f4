import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { deleteView, saveView } from '../../../src/journey/audience/keep-views.ts';
import { retryFeed } from '../../../src/journey/content/retry-feed.ts';
import { liftSuppression, suppressAddress } from '../../../src/journey/returns/suppression-list.ts';
import { claimLead } from '../../../src/journey/sales/claim-lead.ts';
import {
  addWebhook,
  removeWebhook,
  resendWebhookMessage,
} from '../../../src/journey/sales/manage-webhooks.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { recordTouchpoint } from '../../../src/journey/scoring/record-touchpoint.ts';
import { makeApiKey, revokeApiKey } from '../../../src/journey/staff/manage-api-keys.ts';
import { chooseLanguage, signOutEverywhere } from '../../../src/journey/staff/own-account.ts';
import { AUDIT_ACTS } from '../../../src/journey/staff/ports/audit.ts';
import { setCost } from '../../../src/journey/staff/set-cost.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addLead } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

const NOW = new Date('2026-11-21T09:00:00Z');
const ROOT = join(import.meta.dirname, '../../..');
const by = 'cli:mara';
const staffEmail = 'mara@nordwerk.example';
let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db?.close());
beforeEach(() => db.pool.query('truncate audit_entries'));

const deps = () => ({ database: db.database, newSecret: () => 'a-secret-of-a-test-000000', queue });
const queue = { add: async () => {} };
const entries = async () => {
  const list = await db.database.stores.audit.list({ beforeId: null, limit: 50 });
  return list.toReversed().map(({ act, subject, staffEmail: who }) => `${act} ${subject} ${who}`);
};

it('keys and webhooks are on record, with who made them, once and only when something came of it', async () => {
  const { id } = await makeApiKey(deps(), { name: 'crm', scopes: ['events:write'], by }, NOW);
  expect(await revokeApiKey(deps(), { id, by: staffEmail }, NOW)).toBe(true);
  expect(await revokeApiKey(deps(), { id, by: staffEmail }, NOW)).toBe(false);
  const hook = { url: 'https://crm.example/hook', secret: 'whsec_x', types: [], allowPrivate: false };
  const webhook = await addWebhook(deps(), { webhook: { ...hook, createdAt: NOW }, by }, NOW);
  expect(await resendWebhookMessage(deps(), { id: 987_654, by }, NOW)).toBe(false);
  expect(await removeWebhook(deps(), { id: webhook, by: staffEmail }, NOW)).toBe(true);
  expect(await removeWebhook(deps(), { id: webhook, by: staffEmail }, NOW)).toBe(false);
  expect(await entries()).toEqual([
    `key-made crm ${by}`,
    `key-revoked crm ${staffEmail}`,
    `webhook-added https://crm.example/hook ${by}`,
    `webhook-removed https://crm.example/hook ${staffEmail}`,
  ]);
});

it('what staff do with a lead goes with the lead', async () => {
  const programme = testProgramme();
  const lead = await addLead(db.pool, { email: 'anna@corp.example', mailsSent: 5 });
  const { rows } = await db.pool.query(
    `insert into qualifications (subscriber_id, at, score, rule, by_post) values ($1, $2, 12, 'open', false) returning id`,
    [lead, NOW],
  );
  const qualificationId = Number(rows[0].id);
  for (const who of [staffEmail, staffEmail, 'other@nordwerk.example'])
    await claimLead(deps(), { qualificationId, staffEmail: who }, NOW);
  await recordTouchpoint(
    deps(),
    { subscriberId: lead, name: 'phone-call', note: 'will think', staffEmail },
    NOW,
  );
  const answer = { qualificationId, isDuplicate: false, hasRunningDeal: false, note: '', staffEmail };
  for (let press = 0; press < 2; press += 1)
    await recordOutcome(
      { database: db.database, programme, links: testLinks },
      { ...answer, status: 'in-progress' },
      NOW,
    );
  const { rows: kept } = await db.pool.query('select act, subscriber_id from audit_entries order by id');
  expect(kept.map(({ act, subscriber_id }) => [act, Number(subscriber_id)])).toEqual([
    ['lead-claimed', lead],
    ['note-added', lead],
    ['outcome-recorded', lead],
  ]);
});

it('what was before stands beside what is', async () => {
  await setCost(deps(), { month: '2026-11-01', amount: 100, note: '', staffEmail }, NOW);
  await setCost(deps(), { month: '2026-11-01', amount: 250, note: '', staffEmail }, NOW);
  await saveView(deps(), { name: 'warm', query: 'scoreFrom=8', staffEmail }, NOW);
  await saveView(deps(), { name: 'warm', query: 'scoreFrom=9', staffEmail }, NOW);
  const [view] = await db.database.stores.savedViews.list(staffEmail);
  await deleteView(deps(), { id: view!.id, staffEmail }, NOW);
  await chooseLanguage(deps(), { email: staffEmail, language: 'nl' }, NOW);
  await signOutEverywhere(deps(), { email: staffEmail }, NOW);
  const list = (await db.database.stores.audit.list({ beforeId: null, limit: 50 })).toReversed();
  expect(list.map(({ act, details }) => [act, details])).toEqual([
    ['cost-set', { amount: 100, before: null }],
    ['cost-set', { amount: 250, before: 100 }],
    ['view-saved', { query: 'scoreFrom=8' }],
    ['view-saved', { query: 'scoreFrom=9', before: 'scoreFrom=8' }],
    ['view-deleted', {}],
    ['language-chosen', { before: null }],
    ['sessions-ended', {}],
  ]);
});

it('addresses and feeds, from the command line too', async () => {
  const email = 'loud@x.example';
  await suppressAddress(deps(), { email, why: 'asked by phone', byWhom: by }, NOW);
  await suppressAddress(deps(), { email, why: 'asked by phone', byWhom: by }, NOW);
  await liftSuppression(deps(), { email, why: 'changed their mind', byWhom: staffEmail }, NOW);
  await liftSuppression(deps(), { email, why: 'changed their mind', byWhom: staffEmail }, NOW);
  const url = 'https://feeds.tessel.example/gone.xml';
  expect(await retryFeed(deps(), { url, by }, NOW)).toBe(false);
  await db.pool.query('insert into feeds (url, next_check_at) values ($1, $2)', [url, NOW]);
  expect(await retryFeed(deps(), { url, by }, NOW)).toBe(true);
  expect(await entries()).toEqual([
    `address-suppressed ${email} ${by}`,
    `address-released ${email} ${staffEmail}`,
    `feed-retried ${url} ${by}`,
  ]);
});

it('every act that can be on record is written by a stage, and has a text in every language', () => {
  const folder = join(ROOT, 'src/journey');
  const source = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('ports'))
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  expect(AUDIT_ACTS.filter((act) => !source.includes(act.replace(/^said-.*/, 'said-')))).toEqual([]);
  for (const file of readdirSync(join(ROOT, 'templates/locales'))) {
    const texts = JSON.parse(readFileSync(join(ROOT, 'templates/locales', file), 'utf8'));
    expect(Object.keys(texts.staff.audit.act).toSorted(), file).toEqual(AUDIT_ACTS.toSorted());
  }
});
