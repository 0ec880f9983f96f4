import type { SignUp } from '../domain/audience/sign-up-form.ts';
import { usualTimeZone } from '../domain/audience/time-zone.ts';
import { regionOf } from '../domain/locale.ts';
import type { Programme } from '../domain/programme.ts';

/** Numbers from 0 to 1 that are the same at every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A made-up person, and how keen: 0 never reads, 1 reads everything. */
export interface Person {
  signUp: SignUp;
  interests: string[];
  keenness: number;
  /** Behind a security gateway that opens every link of a mail. */
  hasScanner: boolean;
}

const FIRST =
  'Anna Ben Carla Daan Emma Finn Greta Hugo Ida Jonas Katja Lars Mila Noah Olga Pieter Rosa Sven Tessa Willem'.split(
    ' ',
  );
const LAST =
  'Bakker Brandt Dekker Fischer Groot Hansen Jansen Keller Lang Meijer Neumann Peters Richter Smit Vogel Winter'.split(
    ' ',
  );
const FIRMS =
  'Alder Birch Cedar Dune Elm Fjord Gale Harbour Iris Juniper Kade Linden Moss Noord Oak Pine'.split(' ');
const TRADES = ['Foods', 'Logistics', 'Metal', 'Packaging', 'Textiles', 'Tools'];
const TITLES = [
  'Head of Finance',
  'Managing Director',
  'Controller',
  'HR Manager',
  'Warehouse Manager',
  'IT Manager',
  'Clerk',
];
const CAMPAIGNS = [
  { utm_source: 'google', utm_medium: 'cpc', utm_campaign: 'payroll-made-easy', landing_page: '/payroll' },
  { utm_source: 'trade-fair', utm_campaign: 'spring-fair' },
  { referrer: 'https://www.example.org/reviews', landing_page: '/' },
  { download: 'E-invoicing checklist', landing_page: '/downloads/e-invoicing' },
  {},
];

export function makePeople(count: number, programme: Programme, random: () => number): Person[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  return Array.from({ length: count }, (_, index) => {
    const language = pick(programme.languages);
    const [first, last] = [pick(FIRST), pick(LAST)];
    const company = `${pick(FIRMS)} ${pick(TRADES)}`;
    const domain = `${company.toLowerCase().replace(' ', '-')}.example`;
    const wanted = 1 + Math.floor(random() * 3);
    return {
      signUp: {
        email: `${first}.${last}.${index + 1}@${domain}`.toLowerCase(),
        name: `${first} ${last}`,
        company,
        jobTitle: random() < 0.8 ? pick(TITLES) : null,
        phone: random() < 0.3 ? `+31 20 555 ${String(1000 + index)}` : null,
        industry: company.split(' ')[1]!.toLowerCase(),
        companySize: 10 * (1 + (index % 40)),
        country: regionOf(language),
        language,
        timeZone: usualTimeZone(language),
        source: pick(CAMPAIGNS),
      },
      interests: programme.interests
        .map(({ id }) => ({ id, order: random() }))
        .sort((a, b) => a.order - b.order)
        .slice(0, wanted)
        .map(({ id }) => id),
      keenness: random() ** 1.6,
      hasScanner: random() < 0.15,
    };
  });
}
