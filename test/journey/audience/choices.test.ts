import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requestCallBack } from '../../../src/journey/audience/request-call-back.ts';
import { setPreferences } from '../../../src/journey/audience/set-preferences.ts';
import { unsubscribe } from '../../../src/journey/audience/unsubscribe.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { addDelivery, addSubscriber, personHit } from '../../support/subscribers.ts';
import { rememberingQueue } from '../../support/web.ts';

const at = new Date('2026-11-21T09:00:00Z');
const programme = testProgramme();

describe('what a reader chooses', () => {
  let db: TestDatabase;
  let number = 0;
  let email = '';
  beforeAll(async () => {
    db = await testDatabase({ programme });
  });
  afterAll(() => db.close());
  beforeEach(() => {
    email = `reader${number++}@example.com`;
  });

  let secrets = 0;
  const deps = () => ({
    database: db.database,
    programme,
    queue: rememberingQueue(),
    links: testLinks,
    say: (_: string, key: string) => key,
    newSecret: () => `secret-${secrets++}`,
  });
  const find = (id: number) => db.database.stores.subscribers.find(id);
  const acts = async (id: number) => (await db.database.stores.consent.list(id)).map(({ act }) => act);
  const eventKinds = async (id: number) =>
    (await db.pool.query('select kind from events where subscriber_id = $1 order by id', [id])).rows.map(
      ({ kind }) => kind,
    );
  const ledger = async (id: number) =>
    (await db.pool.query('select rule, points from score_entries where subscriber_id = $1 order by id', [id]))
      .rows;
  const choose = (
    subscriberId: number,
    interests: string[],
    { by = 'link' as 'link' | 'owner', name = 'Anna' as string | null, now = at } = {},
  ) =>
    setPreferences(
      deps(),
      {
        subscriberId,
        preferences: {
          interests,
          language: 'nl',
          timeZone: 'UTC',
          name,
          frequency: 'every-issue',
          pause: 'keep',
          tracking: true,
        },
        pageLanguage: 'en',
        hit: personHit,
        by,
      },
      now,
    );

  describe('set preferences', () => {
    it('confirms a pending subscriber: status, interests, consent with network address and text, one event', async () => {
      const { id } = await addSubscriber(db.database, { email, status: 'pending', name: null });
      expect(await choose(id, ['payroll', 'stock'])).toBe('confirmed');
      expect(await find(id)).toMatchObject({
        status: 'active',
        confirmedAt: at,
        interests: ['payroll', 'stock'],
        language: 'nl',
        timeZone: 'UTC',
        name: 'Anna',
      });
      expect(await db.database.stores.consent.list(id)).toEqual([
        {
          subscriberId: id,
          email,
          at,
          act: 'confirmed',
          how: { code: 'consent.preference-page' },
          textVersion: 'test-1 (en)',
          ip: '192.0.2.7',
          userAgent: 'Firefox',
          details: { interests: ['payroll', 'stock'] },
        },
      ]);
      expect(await eventKinds(id)).toEqual(['confirm']);
    });

    it('counts the download that brought somebody here, once, and only when it is confirmed', async () => {
      const { id } = await addSubscriber(db.database, {
        email,
        status: 'pending',
        source: { download: 'Guide' },
      });
      expect(await ledger(id)).toEqual([]);
      await Promise.all([choose(id, ['payroll']), choose(id, ['payroll']), choose(id, ['payroll'])]);
      await unsubscribe(
        deps(),
        { subscriberId: id, deliveryId: null, how: 'one-click', pageLanguage: 'en', hit: personHit },
        at,
      );
      expect(await choose(id, ['payroll'])).toBe('returned');
      expect(await ledger(id)).toEqual([{ rule: 'download', points: 5 }]);
      expect(await find(id)).toMatchObject({ score: 5 });
      expect(await acts(id)).toEqual(['confirmed', 'unsubscribed', 'resubscribed']);
    });

    it('keeps an entry when an active reader changes interests, and none when nothing changes', async () => {
      const { id } = await addSubscriber(db.database, { email, name: 'Anna', interests: ['payroll'] });
      expect(await choose(id, ['payroll'])).toBe('changed');
      expect(await acts(id)).toEqual([]);
      expect(await choose(id, ['stock'])).toBe('changed');
      const [entry] = await db.database.stores.consent.list(id);
      expect(entry).toMatchObject({
        act: 'interests-changed',
        details: { before: ['payroll'], interests: ['stock'] },
      });
      expect(await eventKinds(id)).toEqual([]);
    });

    it('lets a link of a mail change what is read, and the owner alone the name', async () => {
      const { id } = await addSubscriber(db.database, { email, name: 'Ann Visser', interests: ['payroll'] });
      expect(await choose(id, ['stock'], { name: 'Dear idiot' })).toBe('name-asked');
      expect(await find(id)).toMatchObject({ name: 'Ann Visser', interests: ['stock'] });
      expect(await choose(id, ['stock'], { name: null })).toBe('changed');
      const { rows } = await db.pool.query(
        `select o.to_address, c.preferences ->> 'name' as name from outbox o join change_links c using (subscriber_id)
          where o.subscriber_id = $1 and o.kind = 'notice'`,
        [id],
      );
      expect(rows).toEqual([{ to_address: email, name: 'Dear idiot' }]);
      expect(await choose(id, ['stock'], { name: 'Ann Smit', by: 'owner' })).toBe('changed');
      expect(await find(id)).toMatchObject({ name: 'Ann Smit' });
      expect(await db.pool.query('select from change_links where subscriber_id = $1', [id])).toMatchObject({
        rowCount: 0,
      });
    });

    it('brings nobody back who has left by a link of an old mail, but right after it or when the address asks anew', async () => {
      const { id } = await addSubscriber(db.database, {
        email,
        name: 'Ann',
        interests: ['payroll'],
        status: 'unsubscribed',
      });
      const left = (await find(id))!.unsubscribedAt!;
      const later = (hours: number) => new Date(left.getTime() + hours * 3_600_000);
      expect(await choose(id, ['stock'], { now: later(2) })).toBe('asked');
      expect(await find(id)).toMatchObject({
        status: 'unsubscribed',
        interests: ['payroll'],
        name: 'Ann',
        language: 'en',
      });
      expect(await acts(id)).toEqual([]);
      expect(await choose(id, ['stock'], { now: later(2), by: 'owner' })).toBe('returned');
      const leave = {
        subscriberId: id,
        deliveryId: null,
        how: 'one-click' as const,
        pageLanguage: 'en',
        hit: personHit,
      };
      await unsubscribe(deps(), leave, later(3));
      expect(await choose(id, ['stock'], { now: later(3.5), name: null })).toBe('returned');
      await unsubscribe(deps(), leave, later(4));
      await db.database.stores.outbox.add({
        kind: 'confirmation',
        dedupeKey: `again:${id}`,
        to: email,
        language: 'en',
        data: {} as never,
        subscriberId: id,
        dueAt: later(9),
        at: later(9),
      });
      expect(await choose(id, ['stock'], { now: later(10), name: null })).toBe('returned');
    });

    it('leaves a suppressed address alone', async () => {
      const { id } = await addSubscriber(db.database, { email, interests: ['payroll'] });
      await db.pool.query(`update subscribers set status = 'suppressed' where id = $1`, [id]);
      expect(await choose(id, ['stock'])).toBe('unreachable');
      expect(await find(id)).toMatchObject({ status: 'suppressed', interests: ['payroll'] });
    });

    it('knows nobody under an unknown id', async () => {
      expect(await choose(999_999, ['stock'])).toBeNull();
    });
  });

  describe('unsubscribe', () => {
    it('takes effect at once, also for mails already planned, and is kept', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const { deliveryId: sent } = await addDelivery(db, id, 'sent');
      const { deliveryId: planned } = await addDelivery(db, id);
      const input = {
        subscriberId: id,
        deliveryId: sent,
        how: 'one-click' as const,
        pageLanguage: 'en',
        hit: personHit,
      };
      expect(await unsubscribe(deps(), input, at)).toBe(true);
      expect(await find(id)).toMatchObject({ status: 'unsubscribed', unsubscribedAt: at });
      const { rows } = await db.pool.query(
        'select id, status, reason from deliveries where subscriber_id = $1 order by id',
        [id],
      );
      expect(rows).toEqual([
        { id: sent, status: 'sent', reason: null },
        { id: planned, status: 'cancelled', reason: '{"code":"skip.unsubscribed"}' },
      ]);
      const [entry] = await db.database.stores.consent.list(id);
      expect(entry).toMatchObject({
        act: 'unsubscribed',
        how: { code: 'consent.one-click' },
        details: { deliveryId: sent },
      });
      expect(await eventKinds(id)).toEqual(['unsubscribe']);
    });

    it('does nothing the second time, nor when pressed ten times at once', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const input = {
        subscriberId: id,
        deliveryId: null,
        how: 'unsubscribe-page' as const,
        pageLanguage: 'en',
        hit: personHit,
      };
      const presses = await Promise.all(Array.from({ length: 10 }, () => unsubscribe(deps(), input, at)));
      expect(presses.filter(Boolean)).toHaveLength(1);
      expect(await acts(id)).toEqual(['unsubscribed']);
      expect(await eventKinds(id)).toEqual(['unsubscribe']);
    });
  });

  describe('ask to be called back', () => {
    const ask = (subscriberId: number, deliveryId: number | null, phone = '020 1234567', now = at) => {
      const using = deps();
      const wish = { phone, bestTime: 'after four', note: '' };
      const asked = requestCallBack(using, { subscriberId, deliveryId, wish, hit: personHit }, now);
      return asked.then((isNew) => ({ isNew, jobs: using.queue.jobs }));
    };
    const notices = async (id: number) =>
      (
        await db.pool.query(
          `select data ->> 'subject' as subject from outbox where subscriber_id = $1 and kind = 'notice' order by id`,
          [id],
        )
      ).rows.map(({ subject }) => subject);
    const alerts = async (id: number) =>
      (await db.pool.query(`select kind from outbox where subscriber_id = $1 and kind = 'sales-alert'`, [id]))
        .rows;

    it('makes an SQL at once, with one alert, and keeps the number', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const { deliveryId } = await addDelivery(db, id, 'sent');
      expect(await ask(id, deliveryId)).toEqual({ isNew: true, jobs: [{ name: 'send-outbox' }] });
      // Whoever holds a passed-on mail could have typed it: it stays with the wish.
      expect(await find(id)).toMatchObject({ stage: 'sql', phone: null, score: 12 });
      const { rows } = await db.pool.query(
        `select details from events where subscriber_id = $1 and kind = 'form'`,
        [id],
      );
      expect(rows[0].details).toMatchObject({
        form: 'call-back',
        phone: '020 1234567',
        bestTime: 'after four',
      });
      expect(await alerts(id)).toHaveLength(1);
    });

    it('takes repeated presses for one wish, and keeps a corrected number', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const presses = await Promise.all(Array.from({ length: 6 }, () => ask(id, null)));
      expect(presses.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(await ask(id, null, '020 7654321')).toMatchObject({ isNew: true });
      expect(await ask(id, null, '020 7654321')).toEqual({ isNew: false, jobs: [] });
      expect((await db.database.stores.sales.callWish(id))?.phone).toBe('020 7654321');
      expect(await find(id)).toMatchObject({ phone: null, score: 12 });
      expect(await eventKinds(id)).toEqual(['form', 'form']);
      expect(await alerts(id)).toHaveLength(1);
      expect(await notices(id)).toEqual(['subscriber.callBack.mail.subject']);
      const twoDaysOn = new Date(at.getTime() + 48 * 3_600_000);
      expect((await ask(id, null, '020 7654321', twoDaysOn)).isNew).toBe(true);
    });

    it('takes a wish after sales sent the lead back for a new one, also on the same day', async () => {
      const { id } = await addSubscriber(db.database, { email });
      await ask(id, null);
      const open = await db.database.stores.sales.openQualification(id);
      const anHourOn = new Date(at.getTime() + 3_600_000);
      await recordOutcome(
        { database: db.database, programme, links: testLinks },
        {
          qualificationId: open!.id,
          status: 'rejected',
          isDuplicate: false,
          hasRunningDeal: false,
          note: '',
          notBefore: null,
          staffEmail: 'sam@tessel.example',
        },
        anHourOn,
      );
      const twoHoursOn = new Date(at.getTime() + 2 * 3_600_000);
      expect(await ask(id, null, '020 1234567', twoHoursOn)).toMatchObject({ isNew: true });
      expect(await ask(id, null, '020 1234567', twoHoursOn)).toMatchObject({ isNew: false });
      expect(await find(id)).toMatchObject({ stage: 'sql', score: 12 });
      expect(await alerts(id)).toHaveLength(2);
    });
  });
});
