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

  const deps = () => ({ database: db.database, programme, queue: rememberingQueue() });
  const find = (id: number) => db.database.stores.subscribers.find(id);
  const acts = async (id: number) => (await db.database.stores.consent.list(id)).map(({ act }) => act);
  const eventKinds = async (id: number) =>
    (await db.pool.query('select kind from events where subscriber_id = $1 order by id', [id])).rows.map(
      ({ kind }) => kind,
    );
  const ledger = async (id: number) =>
    (await db.pool.query('select rule, points from score_entries where subscriber_id = $1 order by id', [id]))
      .rows;
  const choose = (subscriberId: number, interests: string[]) =>
    setPreferences(
      deps(),
      {
        subscriberId,
        preferences: {
          interests,
          language: 'nl',
          timeZone: 'UTC',
          name: 'Anna',
          frequency: 'every-issue',
          pause: 'keep',
          tracking: true,
        },
        pageLanguage: 'en',
        hit: personHit,
      },
      at,
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
          how: 'preference page',
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
      const { id } = await addSubscriber(db.database, { email, interests: ['payroll'] });
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
        { id: planned, status: 'cancelled', reason: 'the reader unsubscribed' },
      ]);
      const [entry] = await db.database.stores.consent.list(id);
      expect(entry).toMatchObject({ act: 'unsubscribed', how: 'one-click', details: { deliveryId: sent } });
      expect(await eventKinds(id)).toEqual(['unsubscribe']);
    });

    it('does nothing the second time, nor when pressed ten times at once', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const input = {
        subscriberId: id,
        deliveryId: null,
        how: 'unsubscribe page' as const,
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
    const alerts = async (id: number) =>
      (await db.pool.query(`select kind from outbox where subscriber_id = $1 and kind = 'sales-alert'`, [id]))
        .rows;

    it('makes an SQL at once, with one alert, and keeps the number', async () => {
      const { id } = await addSubscriber(db.database, { email });
      const { deliveryId } = await addDelivery(db, id, 'sent');
      expect(await ask(id, deliveryId)).toEqual({ isNew: true, jobs: [{ name: 'send-outbox' }] });
      expect(await find(id)).toMatchObject({ stage: 'sql', phone: '020 1234567', score: 12 });
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
      expect(await ask(id, null, '020 7654321')).toEqual({ isNew: false, jobs: [] });
      expect(await find(id)).toMatchObject({ phone: '020 7654321' });
      expect(await eventKinds(id)).toEqual(['form']);
      expect(await alerts(id)).toHaveLength(1);
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
