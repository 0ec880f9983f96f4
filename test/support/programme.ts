import { makeLinks } from '../../src/domain/links.ts';
import type { LocalText, Programme } from '../../src/domain/programme.ts';
import { DEFAULT_RETURN_RULES } from '../../src/domain/returns/bounce-rules.ts';

export const testSecrets: readonly string[] = ['a secret that only tests know'];
export const testPublicUrl = 'http://simmer.test';
export const testLinks = makeLinks(testPublicUrl, testSecrets);

const DAY = 86_400_000;
const text = (en: string, nl = en, de = en): LocalText => ({ en, nl, de });

/** A small valid programme with the points of the default table. Each call gives a fresh one, with the given parts replaced. */
export function testProgramme(replaced: Partial<Programme> = {}): Programme {
  return {
    brand: {
      name: 'Tessel Software',
      from: { name: 'Tessel Software', address: 'news@tessel.example' },
      replyTo: 'hello@tessel.example',
      postalAddress: 'Tessel Software, 1 Canal Street, 1011 AB Amsterdam',
      logo: '/assets/logo.png',
      siteUrl: 'https://tessel.example',
      colours: { primary: '#14532d', accent: '#b91c1c', text: '#1f2937', background: '#f5f5f4' },
    },
    languages: ['en', 'nl', 'de'],
    defaultLanguage: 'en',
    consentVersion: 'test-1',
    currency: 'EUR',
    interests: [
      {
        id: 'payroll',
        label: text('Payroll', 'Salarissen', 'Lohn'),
        description: text('Paying people on time', 'Mensen op tijd betalen', 'Menschen pünktlich bezahlen'),
      },
      {
        id: 'invoicing',
        label: text('Invoicing', 'Facturen', 'Rechnungen'),
        description: text('Getting paid', 'Betaald krijgen', 'Bezahlt werden'),
      },
      {
        id: 'stock',
        label: text('Stock', 'Voorraad', 'Lager'),
        description: text('Knowing what is there', 'Weten wat er ligt', 'Wissen, was da ist'),
      },
    ],
    feeds: ['payroll', 'invoicing', 'stock'].map((interest) => ({
      url: `https://feeds.tessel.example/en/${interest}.xml`,
      interests: [interest],
      language: 'en',
      pollEveryMs: 3_600_000,
      priority: 1,
      allowPrivateNetwork: false,
    })),
    digests: [
      {
        id: 'news',
        name: text('Tessel News', 'Tessel Nieuws', 'Tessel Neues'),
        schedule: {
          every: 2,
          unit: 'weeks',
          weekdays: [2],
          hour: 9,
          minute: 0,
          startingOn: '2026-01-06',
        },
        timeZone: 'reader',
        layout: { main: 1, others: 4 },
        minimumArticles: 5,
        freshnessMs: 28 * DAY,
      },
    ],
    returns: DEFAULT_RETURN_RULES,
    delivery: { perSecond: null, perHour: null, perDomain: {}, warmUp: null, tries: 9 },
    feedWatch: { staleAfterMs: 45 * DAY, failingAfterMs: 2 * DAY },
    choosing: { controlShare: 0, learningHalfLifeMs: 60 * DAY, freshnessHalfLifeMs: 7 * DAY },
    callsToAction: [
      {
        id: 'brochure',
        kind: 'brochure',
        label: text('Read the brochure', 'Lees de brochure', 'Broschüre lesen'),
        url: 'https://tessel.example/brochure',
        points: 5,
      },
      {
        id: 'reference-story',
        kind: 'reference-story',
        label: text('Read a story', 'Lees een verhaal', 'Geschichte lesen'),
        url: 'https://tessel.example/story',
        points: 5,
      },
      {
        id: 'call-back',
        kind: 'call-back',
        label: text('Have us call you back', 'Laat ons u terugbellen', 'Rückruf anfordern'),
        url: null,
        points: 8,
      },
    ],
    footerLinks: [
      ['software', 5],
      ['service', 5],
      ['events', 4],
      ['press', 3],
      ['webinars', 4],
      ['app-centre', 4],
    ].map(([id, points]) => ({
      id: String(id),
      label: text(String(id)),
      url: `https://tessel.example/${id}`,
      points: Number(points),
    })),
    scoring: {
      version: '1',
      threshold: 12,
      customerThreshold: 6,
      mailsBeforeSql: 2,
      floor: 0,
      scoreAfterReturn: 0,
      points: { furtherMail: -1, open: 1, article: 3, download: 5, sqlAtOnce: 12 },
      sqlAtOnceUrls: ['https://tessel.example/price-list'],
      rules: [],
      halfLifeDays: null,
    },
    persona: {
      seniority: { top: 100, head: 80, manager: 60, specialist: 40, assistant: 15 },
      departments: [],
      industries: [],
      countries: [],
      companySize: null,
      weights: { engagement: 50, fit: 35, completeness: 15 },
    },
    sales: {
      address: 'sales@tessel.example',
      holdMs: 300_000,
      handOut: { rules: [], to: ['sales@tessel.example'] },
      officeHours: {
        timeZone: 'Europe/Amsterdam',
        weekdays: [1, 2, 3, 4, 5],
        fromMinute: 540,
        toMinute: 1020,
      },
      remindAfterMs: 4 * 3_600_000,
      escalateAfterMs: 8 * 3_600_000,
      escalateTo: 'ada@tessel.example',
      pauseMailsInProgress: true,
      accountThreshold: null,
      freeMailDomains: [],
    },
    machines: {
      scannerWindowMs: 60_000,
      gatewayWindowMs: 300_000,
      scannerNetworks: [],
      gateways: [],
      keepAddresses: 'shortened',
    },
    site: { tracking: false, hosts: ['tessel.example'], tokenLifetimeMs: 1_800_000 },
    staff: [
      { email: 'mara@tessel.example', name: 'Mara Kok', role: 'marketer' },
      { email: 'sam@tessel.example', name: 'Sam Blom', role: 'sales' },
      { email: 'ada@tessel.example', name: 'Ada Prins', role: 'admin' },
    ],
    ...replaced,
  };
}
