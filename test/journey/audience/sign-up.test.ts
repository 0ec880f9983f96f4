import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUp } from '../../../src/journey/audience/sign-up.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { addSubscriber, testSignUp } from '../../support/subscribers.ts';
import { rememberingQueue } from '../../support/web.ts';

const at = new Date('2026-11-21T09:00:00Z');
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
const from = { ip: '192.0.2.7', userAgent: 'Firefox' };

describe('signing up', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await testDatabase();
  });
  afterAll(() => db.close());

  const deps = () => ({
    database: db.database,
    queue: rememberingQueue(),
    links: testLinks,
    programme: testProgramme(),
  });
  const person = (email: string) => db.database.stores.subscribers.findByEmail(email);
  const mailsTo = async (email: string) =>
    (
      await db.pool.query('select kind, language, data from outbox where to_address = $1 order by id', [
        email,
      ])
    ).rows;

  it('keeps a pending subscriber, what was agreed to, and one mail to confirm', async () => {
    const using = deps();
    const form = testSignUp({ email: 'new@example.com', language: 'nl', source: { utm_source: 'fair' } });
    expect(await signUp(using, { signUp: form, ...from }, at)).toBe('confirmation');

    const subscriber = await person('new@example.com');
    expect(subscriber).toMatchObject({
      status: 'pending',
      stage: 'mql',
      score: 0,
      name: 'Anna Jansen',
      language: 'nl',
      interests: [],
      source: { utm_source: 'fair' },
      createdAt: at,
      confirmedAt: null,
    });
    expect(await db.database.stores.consent.list(subscriber!.id)).toEqual([
      {
        subscriberId: subscriber!.id,
        email: 'new@example.com',
        at,
        act: 'signed-up',
        how: { code: 'consent.sign-up-form' },
        textVersion: 'test-1 (nl)',
        ip: '192.0.2.7',
        userAgent: 'Firefox',
        details: { source: { utm_source: 'fair' } },
      },
    ]);
    const mails = await mailsTo('new@example.com');
    expect(mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ kind: 'confirmation', language: 'nl' });
    expect(mails[0].data.interests[0].url).toBe(testLinks.preferences(subscriber!.id, 'payroll'));
    expect(mails[0].data.allInterestsUrl).toBe(testLinks.preferences(subscriber!.id, 'all'));
    expect(using.queue.jobs).toEqual([{ name: 'send-outbox' }]);
  });

  it('sends at most one confirmation mail an hour to an address, also under parallel sign-ups', async () => {
    const email = 'often@example.com';
    const input = { signUp: testSignUp({ email }), ...from };
    await Promise.all(Array.from({ length: 8 }, () => signUp(deps(), input, at)));
    expect(await mailsTo(email)).toHaveLength(1);
    expect(await signUp(deps(), input, later(59))).toBeNull();
    expect(await signUp(deps(), input, later(60))).toBe('confirmation');
    expect(await mailsTo(email)).toHaveLength(2);
  });

  it('fills in what was empty and overwrites nothing', async () => {
    const email = 'twice@example.com';
    const first = testSignUp({ email, name: 'Anna', source: { utm_source: 'fair' } });
    await signUp(deps(), { signUp: first, ...from }, at);
    const second = testSignUp({
      email,
      name: 'Somebody Else',
      company: 'Jansen & Zn',
      language: 'de',
      source: { utm_source: 'ad', download: 'Guide' },
    });
    await signUp(deps(), { signUp: second, ...from }, later(5));
    expect(await person(email)).toMatchObject({
      name: 'Anna',
      company: 'Jansen & Zn',
      language: 'en',
      source: { utm_source: 'fair', download: 'Guide' },
      lastTouch: { source: { utm_source: 'ad', download: 'Guide' }, at: later(5) },
    });
  });

  describe('what is typed for somebody known', () => {
    const typed = { name: 'Rude Word', company: 'Rival BV', phone: '+31 20 123 4567', jobTitle: 'Clown' };
    const fit = { industry: 'Mining', companySize: 9, country: 'NL' };
    const nothing = { name: null, company: null, phone: null, jobTitle: null };
    const empty = { ...nothing, industry: null, companySize: null, country: null };

    it.each(['active', 'unsubscribed'] as const)(
      'fills in nothing of who is %s: it is kept with the wish',
      async (status) => {
        const email = `empty-${status}@example.com`;
        const { id } = await addSubscriber(db.database, { email, status, name: null });
        await db.pool.query('update subscribers set company = null, phone = null where id = $1', [id]);
        await signUp(deps(), { signUp: testSignUp({ email, ...typed, ...fit }), ...from }, at);
        expect(await person(email)).toMatchObject(empty);
        const kept = await db.database.stores.consent.list(id);
        expect(kept.at(-1)?.details.said).toEqual({ ...typed, ...fit });
        expect(JSON.stringify(await mailsTo(email))).not.toContain('Rude');
        expect(await db.database.stores.consent.byListOnly([id])).toEqual(new Set());
      },
    );

    it('is nothing that somebody from a list did themselves', async () => {
      const email = 'listed@example.com';
      const { id } = await addSubscriber(db.database, { email, name: null });
      await db.database.stores.consent.add({
        subscriberId: id,
        at,
        act: 'confirmed',
        how: { code: 'consent.import', values: { n: 1 } },
        textVersion: 'test-1 (en)',
        ip: null,
        userAgent: null,
        details: {},
      });
      await signUp(deps(), { signUp: testSignUp({ email, ...typed }), ...from }, at);
      expect(await db.database.stores.consent.byListOnly([id])).toEqual(new Set([id]));
    });

    it('fills in what was empty when a program with a key says it', async () => {
      const email = 'by-key@example.com';
      await addSubscriber(db.database, { email, name: null });
      await signUp(deps(), { signUp: testSignUp({ email, ...typed }), ...from, isByProgram: true }, at);
      expect(await person(email)).toMatchObject(typed);
    });
  });

  it('keeps the first contact and the latest, each whole', async () => {
    const email = 'touched@example.com';
    const touches = [
      { utm_source: 'beurs' },
      { utm_source: 'google', utm_medium: 'cpc' },
      { utm_campaign: 'spring' },
      {},
    ];
    for (const [n, source] of touches.entries())
      await signUp(deps(), { signUp: testSignUp({ email, source }), ...from }, later(n));
    expect(await person(email)).toMatchObject({
      source: touches[0],
      lastTouch: { source: touches[2], at: later(2) },
    });
    expect((await person(email))?.source).toEqual(touches[0]);
  });

  it('tells an active subscriber by mail, once an hour, and changes no status', async () => {
    const email = 'active@example.com';
    await addSubscriber(db.database, { email, interests: ['payroll'] });
    const input = { signUp: testSignUp({ email }), ...from };
    expect(await signUp(deps(), input, at)).toBe('already-subscribed');
    expect(await signUp(deps(), input, later(30))).toBeNull();
    expect((await mailsTo(email)).map(({ kind }) => kind)).toEqual(['already-subscribed']);
    expect(await person(email)).toMatchObject({ status: 'active', interests: ['payroll'] });
  });

  it('lets somebody who unsubscribed come back by the same mail, and stays unsubscribed until the button', async () => {
    const email = 'back@example.com';
    await addSubscriber(db.database, { email, status: 'unsubscribed' });
    expect(await signUp(deps(), { signUp: testSignUp({ email }), ...from }, at)).toBe('confirmation');
    expect(await person(email)).toMatchObject({ status: 'unsubscribed' });
  });

  it('writes nothing to a suppressed address, and keeps nothing', async () => {
    const email = 'bounced@example.com';
    const { id } = await addSubscriber(db.database, { email, name: null });
    await db.pool.query(`update subscribers set status = 'suppressed' where id = $1`, [id]);
    const using = deps();
    expect(await signUp(using, { signUp: testSignUp({ email }), ...from }, at)).toBeNull();
    expect(await mailsTo(email)).toEqual([]);
    expect(await person(email)).toMatchObject({ name: null });
    expect(using.queue.jobs).toEqual([]);
  });
});
