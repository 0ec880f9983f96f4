import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleMails } from '../../src/adapters/mail-templates/examples.ts';
import { type LoadedMails, loadMails } from '../../src/adapters/mail-templates/renderer.ts';
import { MAIL_KINDS } from '../../src/domain/mail/mails.ts';
import type { LocalText, Programme } from '../../src/domain/programme.ts';
import { REASONS, type Reason, type ValueType } from '../../src/domain/reason.ts';
import { measureFit } from '../../src/journey/scoring/measure-fit.ts';
import { errorPages } from '../../src/web/error-pages.ts';
import { staffPages } from '../../src/web/staff/routes.ts';
import { subscriberPages } from '../../src/web/subscriber/routes.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type Data, localeReader } from '../support/locale-reader.ts';
import { testLinks, testProgramme, testPublicUrl } from '../support/programme.ts';
import { tellIn, testTexts } from '../support/say.ts';
import { seedEverything } from '../support/seeded.ts';
import { asStaff, signedIn } from '../support/staff.ts';
import { visibleTexts } from '../support/visible-text.ts';
import { testApp, testWebContext } from '../support/web.ts';

// Every page and mail in every language, read as a person reads it: each text is one of the language's file with its
// places filled, a number, a date or a name as Intl writes it, or data of the seed. No word of another language.
const NOW = new Date('2026-11-21T09:00:00Z');
const LANGUAGES = [...testTexts.keys()];
const TEMPLATES = join(import.meta.dirname, '../../templates');

/** The programme with texts that tell in which language they are: "Payroll [fr]". */
function inEveryLanguage<T>(part: T): T {
  if (Array.isArray(part)) return part.map(inEveryLanguage) as T;
  if (typeof part !== 'object' || part === null) return part;
  const { en } = part as Partial<LocalText>;
  if (typeof en === 'string')
    return Object.fromEntries(LANGUAGES.map((language) => [language, `${en} [${language}]`])) as T;
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, inEveryLanguage(value)])) as T;
}
const programme: Programme = { ...inEveryLanguage(testProgramme()), languages: LANGUAGES };

/** What the seed, the programme and the example mails hold that is in no file of texts. */
function dataOf(language: string): Data {
  const examples = strings(
    JSON.parse(readFileSync(join(TEMPLATES, `sample/mails/${language}.json`), 'utf8')),
  );
  return [
    new RegExp(`^[^[\\]]+ \\[${language}$`),
    // The subject line of an issue that English readers got.
    'Tessel News [en]',
    /^(Reader|Article) \d+$/,
    'Head of Finance',
    'guide',
    'A view',
    'A key',
    'A note',
    'Firefox',
    'Linux',
    /^R… \d/,
    'UTC',
    'Anna Visser',
    'Anna',
    'Anna Visser, Kade Logistics',
    'Kade Logistics',
    'Bram de Wit',
    ...['autumn-fair', 'trade-fair', 'autumn-guide', 'linkedin', 'cpc'],
    ...examples,
    // A title that is cut in the preview of a mail.
    (said) => said.length > 5 && examples.some((one) => one.startsWith(said)),
    ...['PostgreSQL', 'EUR', 'fax_number', 'SQL', 'MQL', 'utm_…', 'https://example.com/hook'],
    ...['payroll', 'invoicing', 'stock'],
    ...LANGUAGES,
    ...[programme.brand.name, programme.brand.postalAddress],
    ...programme.staff.flatMap(({ name, email }) => [name, email]),
  ];
}

const strings = (value: unknown): string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(strings)
      : [];

let db: TestDatabase;
let app: FastifyInstance;
let mails: LoadedMails;
let get: (url: string, language: string) => Promise<{ statusCode: number; body: string }>;
const routes: string[] = [];
const readers = new Map(LANGUAGES.map((id) => [id, localeReader(id, testTexts.get(id)!, dataOf(id))]));
const strange = (language: string, html: string) =>
  [...new Set(visibleTexts(html))].filter((text) => !readers.get(language)!(text));

const pathOf = (url: string) => url.replace(testPublicUrl, '');

/** Where each page is read, by its route; several where it has several faces. */
let addresses: Record<string, string[]>;

/** What is no page: files, data, and the mails that are read by themselves below. */
const NO_PAGES = /\.(css|svg|csv|json)$|\/mail$|\/map$|^\/web\//;

beforeAll(async () => {
  db = await testDatabase();
  const { issueIds } = await seedEverything(db.pool);
  await measureFit({ rules: db.database.stores.rules, programme });
  await db.database.stores.feeds.countMails(50);
  mails = await loadMails(join(TEMPLATES, 'mails'), testTexts, {
    ...programme.brand,
    publicUrl: testPublicUrl,
  });
  app = await testApp(
    testWebContext(db.database, { now: () => NOW, programme, mails }),
    (scope) => {
      scope.addHook('onRoute', ({ method, url }) => {
        if ([method].flat().includes('GET') && !NO_PAGES.test(url)) routes.push(url);
      });
    },
    errorPages,
    subscriberPages,
    staffPages,
  );
  const ada = asStaff(app, await signedIn(db.database, 'admin'));
  get = (url, language) => {
    // A reader's own pages are in the reader's language, whatever the browser asks for.
    const wish = url.startsWith('/staff') ? '' : `${url.includes('?') ? '&' : '?'}language=${language}`;
    return ada.get(url + wish, { 'accept-language': language });
  };
  await ada.post('/staff/people/views', { name: 'A view', stage: 'mql' });
  await ada.post('/staff/costs', { month: '2026-10', amount: '1250', note: 'A note' });
  await ada.post('/staff/settings/keys/make', { name: 'A key', scopes: 'events:write' });
  await ada.post('/staff/settings/suppressions/add', { email: 'gone@reader.example', why: 'A note' });
  await ada.post('/staff/desk/touch', { lead: '6', kind: 'note', note: 'A note' });
  addresses = {
    '/': ['/', '/?email=x'],
    '/preferences/:token': [1, 61, 71, 81].map((id) => testLinks.preferences(id)),
    '/unsubscribe/:token': [1, 71].map((id) => testLinks.unsubscribe(id)),
    '/staff': ['/staff', '/staff?days=7&by=sqls'],
    '/staff/people': [
      '/staff/people',
      '/staff/people?stage=mql&score_from=1',
      '/staff/people?q=nobody-at-all',
    ],
    '/staff/leads': ['/staff/leads'],
    '/staff/leads/:id': [1, 3, 5, 6, 10, 61, 71, 81].map((id) => `/staff/leads/${id}`),
    '/staff/leads/:id/answer': ['/staff/leads/6/answer?status=rejected&qualification=8'],
    '/staff/issues/:id': issueIds.map((id) => `/staff/issues/${id}`),
    '/staff/accounts/:domain': ['/staff/accounts/reader.example'],
    '/staff/people/imports/:id': ['/staff/people/imports/1'],
    '/staff/rehearsal/:digest': ['/staff/rehearsal/news'],
    '/staff/rehearsal/:digest/:reader': ['/staff/rehearsal/news/1'],
    '/staff/scoring/what-if': [
      '/staff/scoring/what-if',
      '/staff/scoring/what-if?try=yes&threshold=1&mailsBeforeSql=0',
      '/staff/scoring/what-if?try=yes&threshold=-5',
    ],
    '/staff/sign-in': ['/staff/sign-in', '/staff/sign-in?fault=expired'],
  };
}, 60_000);
afterAll(async () => {
  await app?.close();
  await db?.close();
});

describe('no page holds a word of another language', () => {
  it.each(LANGUAGES)(
    'in %s',
    async (language) => {
      const found: Record<string, string[]> = {};
      expect(routes.length).toBeGreaterThan(30);
      for (const route of [...routes, '/no-such-page', '/staff/no-such-page']) {
        // A link that is none is answered with a page, too.
        for (const address of addresses[route] ?? [route.replaceAll(/:\w+/g, 'x'.repeat(24))]) {
          const { statusCode, body } = await get(pathOf(address), language);
          if (statusCode >= 300 && statusCode < 400) continue;
          expect(body, address).toContain(`<html lang="${language}"`);
          const texts = strange(language, body);
          if (texts.length > 0) found[`${statusCode} ${address}`] = texts;
        }
      }
      expect(found).toEqual({});
    },
    60_000,
  );
});

describe('no mail holds a word of another language', () => {
  it.each(LANGUAGES)('in %s', (language) => {
    const examples = exampleMails(programme, testLinks, language);
    const alert = { ...examples['sales-alert'], acts: actsOf(language) };
    for (const kind of MAIL_KINDS) {
      const data = { ...examples, 'sales-alert': alert }[kind];
      const { subject, html } = mails.render(kind, language, data);
      const text = mails.parts.unwrappedText(kind, language, data, subject);
      const whole = `<html lang="${language}"><title>${subject}</title>${html}`;
      expect(strange(language, whole), kind).toEqual([]);
      expect(
        linesOf(text).filter((one) => !readers.get(language)!(one)),
        kind,
      ).toEqual([]);
    }
  });
});

/** The acts that sales is told of: everything that can bring points. */
function actsOf(language: string) {
  const tell = tellIn(language, programme);
  return everyReason(language)
    .filter(({ code }) => code.startsWith('score.'))
    .map((reason) => ({ what: tell(reason), reason, at: NOW.toISOString(), points: 3 }));
}

/** The lines of a text part, without its addresses. */
const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.replace(/https?:\/\/\S+$|tel:\S+|[-=_]{3,}/g, ' ').trim())
    .filter((line) => line !== '');

const SAMPLES: { [Type in ValueType]: (language: string) => unknown } = {
  text: () => 'guide',
  number: () => 3,
  label: () => programme.callsToAction[0]!.label,
  interests: () => ['payroll', 'stock'],
  language: () => 'nl',
  outcome: () => 'rejected',
  status: () => 'unsubscribed',
  day: () => '2026-11-24',
  month: () => '2026-11',
  moment: () => '2026-11-24T09:00:00Z',
  stage: () => 'sql',
  country: () => 'CH',
  reason: () => ({ code: 'score.call-back' }),
  reasons: () => [{ code: 'score.call-back' }, { code: 'score.order' }],
};

function everyReason(language: string): Reason[] {
  return Object.entries(REASONS).map(([code, types]) => {
    const values = Object.entries(types).map(([name, type]) => [name, SAMPLES[type as ValueType](language)]);
    return { code, values: Object.fromEntries(values) } as Reason;
  });
}

it.each(LANGUAGES)('no reason holds a word of another language: %s', (language) => {
  const tell = tellIn(language, programme);
  expect(everyReason(language).length).toBeGreaterThan(40);
  const told = everyReason(language).map(tell);
  expect(told.filter((one) => !readers.get(language)!(one))).toEqual([]);
});

describe('the reading', () => {
  const page = (text: string) => `<html lang="fr"><body>${text}</body></html>`;

  it.each([
    ['a word of another language', '<p>Unsubscribe</p>'],
    ['a sentence between others', '<h1>Vue d’ensemble</h1><p>Nothing happened here.</p>'],
    ['a text of the Dutch file', `<p>${testTexts.get('nl')!.get('staff.overview.moves')}</p>`],
    ['a foreign word in a place', '<p>Campagne autumn-fair (by hand)</p>'],
    ['what only screen readers say', '<img alt="A chart of the readers" src="x">'],
    ['a date as another language writes it', '<p>24 November 2026</p>'],
    ['a label of the programme in another language', '<p>Payroll [en]</p>'],
  ])('sees %s', (_, html) => {
    expect(strange('fr', page(html))).not.toEqual([]);
  });

  it.each([
    ['a text', '<p>Se désinscrire</p>'],
    ['places filled with data', '<p>Parce que vous avez choisi « Payroll [fr] »</p>'],
    ['numbers and dates', '<p>12 %</p><p>24 novembre 2026 à 10:41</p><p>3 personnes</p>'],
    ['texts side by side', '<p>En cours · Envoyés : 3</p>'],
    ['a country and a zone', '<p>Pays-Bas</p><p>Europe/Paris</p>'],
    ['what is marked as another language', '<a lang="en">Read this in English</a>'],
  ])('takes %s for French', (_, html) => {
    expect(strange('fr', page(html))).toEqual([]);
  });
});
