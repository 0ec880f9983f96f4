import type { ProgrammeInput } from '../../src/config/programme.ts';

// biome-ignore lint/suspicious/noExplicitAny: what is changed here is to be wrong
export type Loose = any;

/** A text in both languages. */
export const text = (en: string) => ({ en, nl: `${en} (nl)` });

/** A programme as somebody would write it, with nothing to say against it. */
export function input(): ProgrammeInput {
  return {
    brand: {
      name: 'Tessel',
      from: { name: 'Tessel', address: 'News@tessel.example' },
      replyTo: 'hello@tessel.example',
      postalAddress: 'Tessel, Canal Street 1, Amsterdam',
      logo: '/assets/logo.png',
      siteUrl: 'https://tessel.example',
      colours: { primary: '#14524a', accent: '#b3261e', text: '#111111', background: '#ffffff' },
    },
    languages: ['en', 'nl'],
    defaultLanguage: 'en',
    consentVersion: '1',
    interests: [
      { id: 'payroll', label: text('Payroll'), description: text('Paying people') },
      { id: 'crm', label: text('CRM'), description: text('Knowing people') },
    ],
    feeds: ['en', 'nl'].map((language) => ({
      url: `https://tessel.example/${language}.xml`,
      interests: ['payroll', 'crm'],
      language,
      pollEvery: '10 minutes',
    })),
    digests: [
      {
        id: 'news',
        name: text('News'),
        schedule: 'every 2 weeks on tuesday at 09:00',
        minimumArticles: 5,
        freshness: '28 days',
      },
    ],
    callsToAction: [
      { id: 'brochure', kind: 'brochure', label: text('Brochure'), url: '/brochure' },
      { id: 'call', kind: 'call-back', label: text('Call me') },
    ],
    footerLinks: [{ id: 'software', label: text('Software'), url: '/software', points: 5 }],
    sales: { address: 'sales@tessel.example' },
    staff: [{ email: 'Ada@tessel.example', name: 'Ada', role: 'admin' }],
  };
}

/** The input with a change, however wrong. */
export function changed(change: (programme: Loose) => void): unknown {
  const programme = structuredClone(input());
  change(programme);
  return programme;
}
