import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadEvent } from '../../../src/domain/scoring/lead-event.ts';
import type { ConsentEntry } from '../../../src/journey/audience/ports/subscribers.ts';
import { showSubscriber } from '../../../src/journey/audience/show-subscriber.ts';
import { recordOutcome } from '../../../src/journey/sales/record-outcome.ts';
import { showProfile } from '../../../src/journey/sales/show-profile.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead, aHit, byHuman } from '../../support/leads.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';
import { tellIn } from '../../support/say.ts';

const time = (minute: number) => new Date(Date.UTC(2026, 10, 24, 9, minute));

let db: TestDatabase;
let lead: number;
let issueId: number;

beforeAll(async () => {
  db = await testDatabase();
  lead = await addLead(db.pool, { email: 'anna@lead.example' });
  issueId = await addIssue(db.pool);
  const delivery = await addDelivery(db.pool, issueId, lead);
  await db.pool.query(
    `insert into articles (feed_url, url, title, summary, language, interests, published_at, first_seen_at)
     overriding system value values ('f', 'https://blog.example/one', 'Article one', '', 'en', '{payroll}', $1, $1)`,
    [time(0)],
  );
  await db.pool.query(
    `update deliveries set sent_at = $2, picks = jsonb_build_array(jsonb_build_object(
       'articleId', (select id from articles), 'place', 'main', 'interest', 'payroll', 'score', 1, 'reason', 'best match'))
      where id = $1`,
    [delivery, time(1)],
  );
  await db.database.stores.consent.add({
    subscriberId: lead,
    at: time(0),
    act: 'confirmed',
    how: { code: 'consent.preference-page' },
    textVersion: 'test-1',
    ip: null,
    userAgent: null,
    details: {},
  });
  const click = (minute: number, linkNumber: number): LeadEvent => ({
    kind: 'click',
    at: time(minute),
    deliveryId: delivery,
    linkNumber,
    hit: aHit,
    verdict: byHuman,
  });
  const { qualified } = await db.database.stores.ledger.record([
    { kind: 'mail-sent', at: time(1), subscriberId: lead, deliveryId: delivery },
    { kind: 'open', at: time(2), deliveryId: delivery, hit: aHit, verdict: byHuman },
    click(3, 0),
    click(4, 2),
    // A scanner is shown, and is not what the lead read last.
    {
      ...click(5, 3),
      verdict: { class: 'machine', reasons: [{ code: 'machine.asked-with', values: { what: 'HEAD' } }] },
    } as LeadEvent,
    {
      kind: 'form',
      at: time(6),
      subscriberId: lead,
      deliveryId: null,
      form: 'call-back',
      hit: aHit,
      details: {},
    },
  ]);
  await db.pool.query(`update outbox set status = 'sent', sent_at = $2 where id = $1`, [
    qualified[0]!.alertId,
    time(7),
  ]);
  await recordOutcome(
    { database: db.database, programme: testProgramme(), links: testLinks },
    {
      qualificationId: qualified[0]!.qualificationId,
      status: 'lost',
      isDuplicate: false,
      hasRunningDeal: true,
      note: 'has a supplier',
      staffEmail: 'sam@tessel.example',
    },
    time(8),
  );
});
afterAll(() => db.close());

describe('simmer subscriber show', () => {
  it('gives exactly what is promised', async () => {
    expect(await showSubscriber({ ...db.database.stores, tell: tellIn('en') }, ' Anna@lead.example')).toEqual(
      {
        email: 'anna@lead.example',
        status: 'active',
        suppressedWhy: null,
        pausedUntil: null,
        pauseReason: null,
        stage: 'mql',
        score: 0,
        interests: ['payroll'],
        ledger: [
          {
            points: 1,
            rule: 'open',
            at: time(2).toISOString(),
            cause: 'opened the email',
            reason: { code: 'score.opened' },
          },
          {
            points: 3,
            rule: 'click-article',
            at: time(3).toISOString(),
            cause: 'clicked the article “Article one”',
            reason: { code: 'score.article', values: { what: 'Article one' } },
          },
          {
            points: 5,
            rule: 'click-brochure',
            at: time(4).toISOString(),
            cause: 'clicked the button “Read the brochure”',
            reason: { code: 'score.button', values: { what: 'Read the brochure' } },
          },
          {
            points: 12,
            rule: 'form-call-back',
            at: time(6).toISOString(),
            cause: 'asked to be called back',
            reason: { code: 'score.call-back' },
          },
          {
            points: -21,
            rule: 'returned',
            at: time(8).toISOString(),
            cause: 'sales answered “Lost after follow-up”: the score starts again at 0',
            reason: { code: 'score.returned', values: { answer: 'lost', n: 0 } },
          },
        ],
        deliveries: [
          {
            issue: issueId,
            status: 'sent',
            reason: null,
            because: null,
            picks: [
              {
                title: 'Article one',
                url: 'https://blog.example/one',
                interest: 'payroll',
                reason: 'best match',
                because: { code: 'text', values: { text: 'best match' } },
              },
            ],
          },
        ],
        qualifications: [
          {
            at: time(6).toISOString(),
            score: 21,
            alertSentAt: time(7).toISOString(),
            alertReason: null,
            outcome: 'lost',
          },
        ],
      },
    );
  });

  it('says null for an unknown address', async () => {
    expect(await showSubscriber({ ...db.database.stores, tell: tellIn('en') }, 'no@body.example')).toBeNull();
  });
});

describe('the profile', () => {
  const show = () => showProfile({ ...db.database.stores, programme: testProgramme() }, lead);

  it('has a line for every rule, also those without points, and they add up to the score', async () => {
    const profile = await show();
    const lines = new Map(profile!.rules.map((line) => [line.rule, line]));
    expect(lines.get('click-article')).toEqual({
      rule: 'click-article',
      name: { code: 'score.an-article' },
      worth: 3,
      times: 1,
      points: 3,
    });
    expect(lines.get('click-call-back')).toMatchObject({ worth: 8, times: 0, points: 0 });
    expect(lines.get('returned')).toMatchObject({ worth: null, times: 1, points: -21 });
    expect(profile!.rules.reduce((sum, { points }) => sum + points, 0)).toBe(profile!.lead.score);
  });

  it('says what was read last, machines left out', async () => {
    expect((await show())!.lastRead).toEqual({
      article: { label: 'Article one', url: 'https://blog.example/one?a=1&b=2#c', at: time(3) },
      brochure: { label: 'Read the brochure', url: 'https://tessel.example/brochure', at: time(4) },
      referenceStory: null,
    });
  });

  it('has a timeline, newest first, machines marked as such', async () => {
    const { timeline, openQualification, qualifications } = (await show())!;
    expect(timeline.map(({ kind, at }) => [kind, at.getUTCMinutes()])).toEqual([
      ['outcome', 8],
      ['points', 8],
      ['alert', 7],
      ['qualification', 6],
      ['points', 6],
      ['event', 6],
      ['event', 5],
      ['points', 4],
      ['event', 4],
      ['points', 3],
      ['event', 3],
      ['points', 2],
      ['event', 2],
      ['mail', 1],
      ['consent', 0],
    ]);
    expect(timeline[6]).toMatchObject({
      event: { class: 'machine', classReasons: [{ code: 'machine.asked-with', values: { what: 'HEAD' } }] },
    });
    expect(openQualification).toBeNull();
    expect(qualifications[0]!.outcomes).toMatchObject([
      { status: 'lost', hasRunningDeal: true, at: time(8) },
    ]);
  });

  it('dates a mail that was called off by its reader when the reader left', async () => {
    const facts = (await db.database.stores.profiles.find(lead))!;
    const entry = facts.consent[0]!;
    const called = async (acts: [ConsentEntry['act'], number][]) => {
      const find = async () => ({
        ...facts,
        consent: acts.map(([act, minute]) => ({ ...entry, act, at: time(minute) })),
        deliveries: [{ ...facts.deliveries[0]!, status: 'cancelled', sentAt: null, dueAt: time(40) }],
      });
      const profile = await showProfile(
        {
          profiles: { ...db.database.stores.profiles, find },
          rules: db.database.stores.rules,
          programme: testProgramme(),
        },
        lead,
      );
      return profile!.timeline.find(({ kind }) => kind === 'mail')!.at;
    };
    const signUp: [ConsentEntry['act'], number][] = [
      ['signed-up', 0],
      ['confirmed', 1],
    ];
    expect(await called([...signUp, ['unsubscribed', 20]])).toEqual(time(20));
    expect(await called(signUp)).toEqual(time(40));
    expect(await called([...signUp, ['unsubscribed', 20], ['resubscribed', 30]])).toEqual(time(40));
  });
});
