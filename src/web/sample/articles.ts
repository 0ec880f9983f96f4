import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the sample company's texts and images are. */
export const SAMPLE_FOLDER = fileURLToPath(new URL('../../../templates/sample/', import.meta.url));

export const SAMPLE_INTERESTS = [
  'payroll',
  'e-invoicing',
  'warehouse',
  'financial-planning',
  'crm',
  'cyber-security',
] as const;
export type SampleInterest = (typeof SAMPLE_INTERESTS)[number];

/** Those the made-up site has texts in: a file each below templates/sample/site. English first. */
export const SAMPLE_LANGUAGES: readonly string[] = readdirSync(`${SAMPLE_FOLDER}site`)
  .map((file) => basename(file, '.json'))
  .sort((a, b) => Number(b === 'en') - Number(a === 'en') || a.localeCompare(b));

export interface SampleText {
  title: string;
  summary: string;
  /** One paragraph; an article without one is as long as its summary. */
  body?: string;
}

export interface SampleArticle {
  slug: string;
  interest: SampleInterest;
  /** Its place in the list of its interest, which is its day in the cycle (see calendar.ts). */
  place: number;
  /** File names below /sample/images. */
  images: { hero: string; card: string };
  /** By language. */
  texts: Readonly<Record<string, SampleText>>;
}

type ArticleFile = { slug: string; [language: string]: SampleText | string }[];

/** Reads the articles of all interests. Slugs are unique over all of them: checked by a test. */
export function loadSampleArticles(): SampleArticle[] {
  return SAMPLE_INTERESTS.flatMap((interest) => {
    const file = `${SAMPLE_FOLDER}articles/${interest}.json`;
    const entries = JSON.parse(readFileSync(file, 'utf8')) as ArticleFile;
    return entries.map(({ slug, ...texts }, place) => ({
      slug,
      interest,
      place,
      images: { hero: `${interest}-hero.png`, card: `${interest}-card-${(place % 2) + 1}.png` },
      texts: texts as Record<string, SampleText>,
    }));
  });
}

export function isSampleInterest(word: string): word is SampleInterest {
  return (SAMPLE_INTERESTS as readonly string[]).includes(word);
}

export function isSampleLanguage(word: string): boolean {
  return SAMPLE_LANGUAGES.includes(word);
}

/** The address of one edition of an article, as a path that Simmer serves. */
export function articlePath(language: string, slug: string, edition: number): string {
  return `/sample/articles/${language}/${slug}/${edition}`;
}
