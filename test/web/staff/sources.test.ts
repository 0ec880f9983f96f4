import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleMails } from '../../../src/adapters/mail-templates/examples.ts';
import { loadMails } from '../../../src/adapters/mail-templates/renderer.ts';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';
import { recordVisit } from '../../../src/journey/tracking/record-visit.ts';
import { staffPages } from '../../../src/web/staff/routes.ts';
import { trackingRoutes } from '../../../src/web/tracking/routes.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { addDelivery, addIssue, addLead } from '../../support/leads.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';
import { asStaff, signedIn } from '../../support/staff.ts';
import { personHit } from '../../support/subscribers.ts';
import { testApp, testWebContext } from '../../support/web.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FIREFOX = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0';
const now = new Date('2026-11-24T10:00:00Z');
const fair = { utm_source: 'beurs', form: 'import 3' };
const ad = { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'payroll' };
/** What is written between tags, one line. */
const said = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

let db: TestDatabase;
let app: FastifyInstance;
beforeAll(async () => {
  db = await testDatabase();
  app = await testApp(testWebContext(db.database, { now: () => now }), staffPages, trackingRoutes);
});
afterAll(async () => {
  await app.close();
  await db.close();
});

describe('where a lead came from', () => {
  it.each([
    [
      'en',
      'First contact Form import 3 Source beurs',
      'Latest contact, 24 Nov 2026',
      'Medium cpc Campaign payroll',
    ],
    [
      'nl',
      'Eerste contact Formulier import 3 Bron beurs',
      'Laatste contact, 24 nov 2026',
      'Medium cpc Campagne payroll',
    ],
    [
      'de',
      'Erster Kontakt Formular import 3 Quelle beurs',
      'Letzter Kontakt, 24.11.2026',
      'Medium cpc Kampagne payroll',
    ],
  ])('is on the profile, first and latest apart (%s)', async (language, ...expected) => {
    const lead = await addLead(db.pool);
    await db.database.stores.subscribers.change(lead, { source: fair, lastTouch: { source: ad, at: now } });
    const staff = asStaff(app, await signedIn(db.database, 'sales'));
    const { body } = await staff.get(`/staff/leads/${lead}`, { 'accept-language': language });
    for (const words of expected) expect(said(body)).toContain(words);
  });

  it('is in the alert, first and latest apart, in the language of the mail', async () => {
    const programme = testProgramme();
    const mails = await loadMails(join(ROOT, 'templates/mails'), loadTexts(join(ROOT, 'templates/locales')), {
      ...programme.brand,
      publicUrl: testPublicUrl,
    });
    const alert = (language: string, lead: object) => {
      const data = exampleMails(programme, testLinks, language)['sales-alert'];
      const { html, text } = mails.render('sales-alert', language, {
        ...data,
        lead: { ...data.lead, ...lead },
      });
      return [said(html), text] as const;
    };
    const both = { touches: [fair, { ...ad, landing_page: '/a' }] };
    for (const [language, first, last] of [
      ['en', 'Came from', 'Most recently via'],
      ['nl', 'Gekomen via', 'Laatst gekomen via'],
      ['de', 'Gekommen über', 'Zuletzt gekommen über'],
    ] as const) {
      const [campaign, page] = {
        en: ['campaign', 'landing page'],
        nl: ['campagne', 'landingspagina'],
        de: ['Kampagne', 'Landingpage'],
      }[language];
      const imported = language === 'de' ? 'Import 3' : 'import 3';
      const [html, text] = alert(language, both);
      expect(html).toContain(`${first} ${campaign} beurs, ${imported}`);
      expect(html).toContain(`${last} ${campaign} payroll (google, cpc), ${page} /a`);
      expect(text).toContain(
        `${first}: ${campaign} beurs, ${imported}\n${last}: ${campaign} payroll (google, cpc)`,
      );
    }
    expect(alert('en', { touches: [{}] })[0]).not.toContain('Came from');
    // One that was planned before the update.
    expect(alert('nl', { touches: undefined, source: 'campaign fair' })[1]).toContain(
      'Gekomen via: campaign fair',
    );
  });

  it('is the campaign of a visit too, whole, and not every visit', async () => {
    const lead = await addLead(db.pool);
    await db.database.stores.subscribers.change(lead, { source: fair });
    const issueId = await addIssue(db.pool);
    const delivery = await addDelivery(db.pool, issueId, lead);
    const url = testLinks.click(issueId, delivery, 2).slice(testPublicUrl.length);
    await app.inject({ url, headers: { 'user-agent': FIREFOX } });
    const found = await db.pool.query('select key from events where subscriber_id = $1', [lead]);
    const visitor = { deliveryId: delivery, click: found.rows[0].key, expiresAt: now };
    const visit = (details: Record<string, string>) =>
      recordVisit(
        { database: db.database, programme: testProgramme() },
        { visitor, visit: { page: 'https://tessel.example/a', details }, hit: personHit },
        now,
      );
    const lastTouch = async () => (await db.database.stores.subscribers.find(lead))?.lastTouch;
    expect(await visit({ referrer: 'https://tessel.example/' })).toBe(true);
    expect(await lastTouch()).toBeNull();
    await visit(ad);
    expect(await lastTouch()).toEqual({
      source: { ...ad, landing_page: 'https://tessel.example/a' },
      at: now,
    });
    expect((await db.database.stores.subscribers.find(lead))?.source).toEqual(fair);
  });
});

it('two contacts that were mixed before are taken apart by what the consent says', async () => {
  const sql = readFileSync(join(ROOT, 'src/adapters/postgres/migrations/0025_last_touch.sql'), 'utf8');
  const mend = sql.slice(sql.indexOf('with later as'));
  const add = async (source: object, signUps: object[]) => {
    const id = await addLead(db.pool);
    await db.pool.query('update subscribers set source = $2 where id = $1', [id, JSON.stringify(source)]);
    for (const [n, one] of signUps.entries())
      await db.pool.query(
        `insert into consent_entries (subscriber_id, email, at, act, how, text_version, details)
         values ($1, 'x', $2, 'signed-up', 'form', '1', $3)`,
        [id, new Date(now.getTime() + n), JSON.stringify({ source: one })],
      );
    return id;
  };
  const imported = await add({ ...fair, utm_medium: 'cpc', utm_campaign: 'payroll' }, [ad]);
  const twice = await add(
    { utm_source: 'bing', utm_medium: 'cpc', utm_campaign: 'payroll', download: 'Guide' },
    [
      { utm_source: 'bing', utm_medium: 'cpc' },
      { ...ad, download: 'Guide' },
    ],
  );
  const once = await add(ad, [ad]);
  await db.pool.query(mend);
  const { subscribers } = db.database.stores;
  expect(await subscribers.find(imported)).toMatchObject({ lastTouch: { source: ad, at: now } });
  expect((await subscribers.find(imported))?.source).toEqual(fair);
  expect((await subscribers.find(twice))?.source).toEqual({
    utm_source: 'bing',
    utm_medium: 'cpc',
    download: 'Guide',
  });
  expect(await subscribers.find(once)).toMatchObject({ source: ad, lastTouch: null });
});
