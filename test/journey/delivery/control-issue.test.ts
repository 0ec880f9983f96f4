import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { loadTexts, sayer } from '../../../src/adapters/templates/texts.ts';
import { isGoingOut, statusOf } from '../../../src/commands/issue-status.ts';
import { asText } from '../../../src/domain/reason.ts';
import { type BrakeRules, DEFAULT_BRAKE } from '../../../src/domain/returns/bounce-rules.ts';
import {
  cancelIssue,
  pauseIssue,
  resolveUncertain,
  resumeIssue,
  watchIssues,
  watchUncertain,
} from '../../../src/journey/delivery/control-issue.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { chooseFrom, issueForReaders, statuses } from '../../support/issues.ts';
import { testProgramme, testPublicUrl } from '../../support/programme.ts';

const NOW = new Date('2026-11-17T09:00:00Z');
const say = sayer(loadTexts(new URL('../../../templates/locales', import.meta.url).pathname));
let db: TestDatabase;
let issueId: number;

beforeEach(async () => {
  db = await testDatabase();
  issueId = await issueForReaders(db, 40, NOW);
});
afterEach(() => db.close());

const { uncertain } = DEFAULT_BRAKE;
const deps = (
  brake: Partial<BrakeRules> | null = { share: 0.05, minimum: 20 },
  faultsToTell = 20,
  language = 'en',
) => ({
  database: db.database,
  programme: testProgramme({
    defaultLanguage: language,
    returns: {
      softBounces: 3,
      softBouncesOverMs: 1,
      pauseReaderMs: 1,
      brake: brake === null ? null : { share: 0.05, minimum: 20, uncertain, ...brake },
      faultsToTell,
    },
  }),
  say,
  publicUrl: testPublicUrl,
  log: silentLog,
});

/** The first `sent` are sent, the next `failed` refused for `fault`. */
async function went(sent: number, failed: number, fault = 'blocklist') {
  await db.pool.query(
    `update deliveries d
        set status = case when n <= $2::int then 'sent' else 'failed' end, sent_at = case when n <= $2::int then $5::timestamptz end,
            fault = case when n > $2::int then $4 end, reason = 'refused'
       from (select id, row_number() over (order by id) as n from deliveries where issue_id = $1 and status = 'planned') o
      where o.id = d.id and n <= $2::int + $3::int`,
    [issueId, sent, failed, fault, NOW],
  );
}

async function notices() {
  const { rows } = await db.pool.query(`select * from outbox where kind = 'notice' order by id`);
  return rows;
}

async function claim(limit = 10) {
  const articles = await db.database.stores.issues.articles(issueId);
  return db.database.stores.deliveries.claim(
    issueId,
    'w',
    NOW,
    60_000,
    limit,
    chooseFrom(articles.map(({ id }) => id)),
  );
}

describe('by hand', () => {
  it('pause hands back what is claimed, and nothing more goes on the wire', async () => {
    const claimed = (await claim())!;
    const [first, second] = claimed.batch.deliveries;
    await db.pool.query(`update deliveries set is_on_wire = true where id = $1`, [first!.id]);
    expect(
      await pauseIssue(
        db.database,
        { issueId, why: asText('wrong brochure'), by: 'mara@nordwerk.example' },
        NOW,
      ),
    ).toBe(true);
    expect(
      await pauseIssue(db.database, { issueId, why: asText('again'), by: 'mara@nordwerk.example' }, NOW),
    ).toBe(false);
    expect(await statuses(db, issueId)).toEqual({ planned: 39, sending: 1 });
    expect(await claim()).toBeNull();
    const marks = [{ deliveryId: second!.id, batchId: claimed.batch.id, messageId: '<m>' }];
    expect(await db.database.stores.deliveries.advance(marks, [])).toEqual([]);
    expect(await db.database.stores.issues.withDueDeliveries(NOW)).toEqual([]);
    expect(await resumeIssue(db.database, { issueId, by: 'mara@nordwerk.example' }, NOW)).toBe(true);
    expect(await resumeIssue(db.database, { issueId, by: 'mara@nordwerk.example' }, NOW)).toBe(false);
    expect((await claim())!.batch.deliveries).toHaveLength(10);
  });

  it('a batch that was being claimed meanwhile is held and handed back', async () => {
    const claimed = (await claim())!;
    // As if the claim had committed right after the pause.
    await db.pool.query(`update issues set status = 'paused' where id = $1`, [issueId]);
    const marks = claimed.batch.deliveries.map(({ id }) => ({
      deliveryId: id,
      batchId: claimed.batch.id,
      messageId: `<${id}>`,
    }));
    expect(await db.database.stores.deliveries.advance(marks, [])).toEqual([]);
    await watchIssues(deps(), NOW);
    expect(await statuses(db, issueId)).toEqual({ planned: 40 });
  });

  it('cancel leaves out what is planned or claimed, for good', async () => {
    await claim();
    await went(5, 0);
    expect(
      await cancelIssue(
        db.database,
        { issueId, why: asText('the wrong month'), by: 'mara@nordwerk.example' },
        NOW,
      ),
    ).toBe(35);
    expect(
      await cancelIssue(db.database, { issueId, why: asText('again'), by: 'mara@nordwerk.example' }, NOW),
    ).toBeNull();
    expect(await resumeIssue(db.database, { issueId, by: 'mara@nordwerk.example' }, NOW)).toBe(false);
    expect(await statuses(db, issueId)).toEqual({ cancelled: 35, sent: 5 });
  });
});

describe('by itself', () => {
  it('pauses when too much failed, with exactly one mail that says why, however many workers look', async () => {
    await went(18, 2);
    const reports = await Promise.all([1, 2, 3, 4].map(() => watchIssues(deps(), NOW)));
    expect(reports.flatMap(({ paused }) => paused)).toEqual([issueId]);
    await watchIssues(deps(), NOW);
    const mails = await notices();
    expect(mails).toHaveLength(1);
    expect(mails[0].to_address).toBe('mara@tessel.example');
    expect(mails[0].data.subject).toBe(`Issue ${issueId} is paused: 10 % of its mails failed`);
    expect(mails[0].data.paragraphs.join('\n')).toContain('on a blocklist (2)');
    const progress = await db.database.stores.brake.progress(issueId, NOW);
    expect(progress).toMatchObject({
      status: 'paused',
      pauseReason: { code: 'issue.failed', values: { failed: 2, done: 20, share: 10 } },
    });
  });

  it('not at the share, not below the least number, not when it is switched off', async () => {
    await went(19, 1);
    expect((await watchIssues(deps(), NOW)).paused).toEqual([]);
    await went(0, 5);
    expect((await watchIssues(deps({ share: 0.05, minimum: 26 }), NOW)).paused).toEqual([]);
    expect((await watchIssues(deps(null), NOW)).paused).toEqual([]);
    expect((await watchIssues(deps(), NOW)).paused).toEqual([issueId]);
  });

  it('counts mails that were taken and came back', async () => {
    await went(20, 0);
    await db.pool.query(
      `insert into returned_mails (received_at, source, fingerprint, raw, status, kind, reason, issue_id, delivery_id)
       select now(), 'smtp', d.id::text || k, '', 'applied', 'hard-bounce', 'no-such-user', d.issue_id, d.id
         from (select * from deliveries where issue_id = $1 and status = 'sent' order by id limit 2) d, generate_series(1, 2) k`,
      [issueId],
    );
    expect((await watchIssues(deps({ share: 0.1, minimum: 20 }), NOW)).paused).toEqual([]);
    expect((await watchIssues(deps(), NOW)).paused).toEqual([issueId]);
  });

  it('once resumed, only what fails from then on counts', async () => {
    await went(18, 2);
    await watchIssues(deps(), NOW);
    await resumeIssue(db.database, { issueId, by: 'mara@nordwerk.example' }, NOW);
    expect((await watchIssues(deps({ share: 0.05, minimum: 5 }), NOW)).paused).toEqual([]);
    await went(4, 1);
    expect((await watchIssues(deps({ share: 0.05, minimum: 5 }), NOW)).paused).toEqual([issueId]);
    expect(await notices()).toHaveLength(2);
  });

  it('tells once of many refusals that are our own fault, and lets the issue go on', async () => {
    await went(20, 5, 'authentication');
    for (let i = 0; i < 3; i++)
      expect((await watchIssues(deps({ share: 0.5, minimum: 10 }, 5), NOW)).paused).toEqual([]);
    const mails = await notices();
    expect(mails.map(({ data }) => data.subject)).toEqual([
      `Issue ${issueId}: 5 mails were refused because of us`,
    ]);
    await went(0, 8, 'no-such-user');
    await watchIssues(deps({ share: 0.9, minimum: 10 }, 6), NOW);
    expect(await notices()).toHaveLength(1);
  });
});

describe('mails of which nobody knows whether they arrived', () => {
  /** The next so many that are planned. */
  const became = (status: 'sent' | 'uncertain', mails: number) =>
    db.pool.query(
      `update deliveries set status = $2
        where id in (select id from deliveries where issue_id = $1 and status = 'planned' order by id limit $3)`,
      [issueId, status, mails],
    );
  /** A worker has so many on the wire, is killed, and others take over. */
  const wereKilled = async (mails: number) => {
    const { batch } = (await claim(mails))!;
    const mark = (deliveryId: number) => ({ deliveryId, batchId: batch.id, messageId: `<${deliveryId}>` });
    await db.database.stores.deliveries.advance(
      batch.deliveries.map(({ id }) => mark(id)),
      [],
    );
    const found = await db.database.stores.deliveries.recoverExpired(new Date(NOW.getTime() + 60_001));
    expect(found).toEqual({ handedBack: 0, uncertain: mails });
  };
  const rules = (changed: Partial<typeof uncertain>) =>
    deps({ uncertain: { share: 0.02, minimum: 10, most: 500, inARow: 3, ...changed } });
  const isPaused = async (...args: Parameters<typeof rules>) =>
    (await watchIssues(rules(...args), NOW)).paused.length === 1;

  it('stop an issue when they are too large a share, and not only a few', async () => {
    await became('sent', 20);
    await became('uncertain', 9);
    expect(await isPaused({})).toBe(false);
    await became('uncertain', 1);
    expect(await isPaused({ share: 0.5 })).toBe(false);
    expect(await isPaused({})).toBe(true);
  });

  it('those of killed workers, however many workers a bad night kills, do not stop it: the mail server is well', async () => {
    await became('sent', 5);
    await wereKilled(20);
    expect(await isPaused({})).toBe(false);
    await became('uncertain', 9);
    expect(await isPaused({}), 'nor with a few that the server left').toBe(false);
    await became('uncertain', 1);
    expect(await isPaused({})).toBe(true);
  });

  it('but workers that are killed again and again stop it by the number of their mails', async () => {
    await wereKilled(10);
    expect(await isPaused({ most: 20 })).toBe(false);
    await wereKilled(10);
    expect(await isPaused({ most: 20 })).toBe(true);
    await resumeIssue(db.database, { issueId, by: 'mara@nordwerk.example' }, NOW);
    await wereKilled(10);
    expect(await isPaused({ most: 20 })).toBe(false);
  });

  it('stop it by their number alone, and by how often the server broke off in a row', async () => {
    await became('sent', 30);
    await became('uncertain', 2);
    expect(await isPaused({ share: 1 })).toBe(false);
    const inARow = (times: number) => watchUncertain(rules({}), { issueId, inARow: times }, NOW);
    expect(await inARow(2)).toBe(false);
    expect(await isPaused({ share: 1, most: 2 })).toBe(true);
    await resumeIssue(db.database, { issueId, by: 'mara@nordwerk.example' }, NOW);
    await became('uncertain', 1);
    expect(await inARow(3)).toBe(true);
    expect(await inARow(9), 'it is paused already').toBe(false);
  });

  it('a mail tells the marketer what to do, once, in the language of the programme', async () => {
    await became('sent', 10);
    await became('uncertain', 12);
    await Promise.all(
      ['en', 'en', 'en'].map((language) =>
        watchIssues(deps({ uncertain: { ...uncertain, minimum: 5 } }, 20, language), NOW),
      ),
    );
    const [mail, ...more] = await notices();
    expect(more).toEqual([]);
    expect(mail.data.subject).toBe(`Issue ${issueId} is paused: nobody knows whether 12 emails arrived`);
    const text = mail.data.paragraphs.join('\n');
    expect(text).toContain('12 of 22 emails (54.5 %)');
    expect(text).toContain(`simmer issue resolve ${issueId} --uncertain leave`);
    expect(text).toContain(`simmer issue resume ${issueId}`);
    expect(await db.database.stores.brake.progress(issueId, NOW)).toMatchObject({
      status: 'paused',
      pauseReason: { code: 'issue.uncertain', values: { done: 22, uncertain: 12, share: 54.5 } },
    });
  });

  it.each([
    ['nl', 'van 12 e-mails is onbekend'],
    ['de', 'Bei 12 E-Mails ist unbekannt'],
  ])('also in %s', async (language, words) => {
    await became('uncertain', 12);
    await watchIssues(deps({ uncertain: { ...uncertain, minimum: 5 } }, 20, language), NOW);
    expect((await notices())[0].data.subject).toContain(words);
  });

  it('once resumed only further ones count, also when those before are sent again', async () => {
    await became('sent', 20);
    await became('uncertain', 10);
    expect(await isPaused({})).toBe(true);
    await resumeIssue(db.database, { issueId, by: 'mara@nordwerk.example' }, NOW);
    expect(await isPaused({})).toBe(false);
    await resolveUncertain(db.database, { issueId, how: 'resend', by: 'mara@nordwerk.example' }, NOW);
    await became('uncertain', 9);
    expect(await isPaused({})).toBe(false);
    await became('uncertain', 1);
    expect(await isPaused({})).toBe(true);
  });

  it('never stop it when the brake is off', async () => {
    await became('uncertain', 40);
    expect((await watchIssues(deps(null), NOW)).paused).toEqual([]);
    expect(await watchUncertain(deps(null), { issueId, inARow: 99 }, NOW)).toBe(false);
  });
});

describe('the status of an issue', () => {
  it('says what failed why, what came back, the rate and the time left', async () => {
    await went(20, 4, 'mailbox-full');
    const later = new Date(NOW.getTime() + 60_000);
    const progress = (await db.database.stores.brake.progress(issueId, later))!;
    expect(progress.failedBy).toEqual([{ reason: 'mailbox-full', count: 4, example: asText('refused') }]);
    const status = statusOf(progress, []);
    expect(status).toMatchObject({
      planned: 16,
      sent: 20,
      failed: 4,
      total: 40,
      perMinute: 20,
      minutesLeft: 0.8,
    });
    expect(isGoingOut(status, NOW)).toBe(true);
    const tomorrow = new Date(NOW.getTime() + 86_400_000);
    expect(isGoingOut({ ...status, nextDueAt: tomorrow }, NOW)).toBe(false);
    expect(isGoingOut({ ...status, nextDueAt: tomorrow, deliveries: { sending: 1 } }, NOW)).toBe(true);
    expect(isGoingOut({ ...status, status: 'paused' }, NOW)).toBe(false);
  });

  it('uncertain mails are left, or planned again under the same Message-ID', async () => {
    await db.pool.query(
      `update deliveries set status = 'uncertain', message_id = '<kept@tessel.example>'
        where id in (select id from deliveries where issue_id = $1 limit 2)`,
      [issueId],
    );
    const { brake, views } = db.database.stores;
    expect(await brake.resolveUncertain(issueId, 'leave', NOW)).toBe(2);
    expect(await views.uncertain(10)).toEqual([]);
    expect(await brake.resolveUncertain(issueId, 'resend', NOW)).toBe(0);
    await db.pool.query(`update deliveries set resolved_at = null where status = 'uncertain'`);
    await db.pool.query(`update issues set status = 'done' where id = $1`, [issueId]);
    expect(await brake.resolveUncertain(issueId, 'resend', NOW)).toBe(2);
    const { rows } = await db.pool.query(
      `select d.status, d.message_id, i.status as issue from deliveries d join issues i on i.id = d.issue_id
        where message_id is not null`,
    );
    expect(rows).toEqual(
      [1, 2].map(() => ({ status: 'planned', message_id: '<kept@tessel.example>', issue: 'open' })),
    );
  });

  it('so are one-off mails, and a decided one is no longer counted', async () => {
    const { outbox, views, system } = db.database.stores;
    const add = (dedupeKey: string) =>
      outbox.add({
        kind: 'sales-alert',
        dedupeKey,
        to: 'sales@tessel.example',
        language: 'en',
        data: {} as never,
        subscriberId: null,
        dueAt: NOW,
        at: NOW,
      });
    const [left, again] = [await add('one'), await add('two')];
    const uncertain = (id: number | null) =>
      db.pool.query(
        `update outbox set status = 'uncertain', attempts = 3, handed_over_at = $2, reason = 'nobody knows' where id = $1`,
        [id, NOW],
      );
    await uncertain(left);
    expect((await views.uncertain(10)).map(({ kind, id }) => [kind, id])).toEqual([['sales-alert', left]]);
    expect((await system.health(NOW)).outbox.uncertain).toBe(1);
    expect(
      await resolveUncertain(db.database, { issueId: null, how: 'leave', by: 'mara@nordwerk.example' }, NOW),
    ).toBe(1);
    expect((await system.health(NOW)).outbox.uncertain).toBe(0);
    await uncertain(again);
    expect(
      await resolveUncertain(db.database, { issueId: null, how: 'resend', by: 'mara@nordwerk.example' }, NOW),
    ).toBe(1);
    expect(
      await resolveUncertain(db.database, { issueId: null, how: 'resend', by: 'mara@nordwerk.example' }, NOW),
    ).toBe(0);
    expect(await views.uncertain(10)).toEqual([]);
    const taken = await outbox.claimDue(NOW, 60_000, 10);
    expect(taken.map(({ id, attempts }) => [id, attempts])).toEqual([[again, 1]]);
  });
});
