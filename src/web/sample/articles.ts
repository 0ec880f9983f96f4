import { readFileSync } from 'node:fs';
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

export const SAMPLE_LANGUAGES = ['en', 'nl', 'de'] as const;
export type SampleLanguage = (typeof SAMPLE_LANGUAGES)[number];

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
  texts: Record<SampleLanguage, SampleText>;
}

type ArticleFile = ({ slug: string } & Record<SampleLanguage, SampleText>)[];

/** Reads the articles of all interests. Slugs are unique over all of them: checked by a test. */
export function loadSampleArticles(): SampleArticle[] {
  return SAMPLE_INTERESTS.flatMap((interest) => {
    const file = `${SAMPLE_FOLDER}articles/${interest}.json`;
    const entries = JSON.parse(readFileSync(file, 'utf8')) as ArticleFile;
    return entries.map(({ slug, en, nl, de }, place) => ({
      slug,
      interest,
      place,
      images: { hero: `${interest}-hero.png`, card: `${interest}-card-${(place % 2) + 1}.png` },
      texts: { en, nl, de },
    }));
  });
}

export function isSampleInterest(word: string): word is SampleInterest {
  return (SAMPLE_INTERESTS as readonly string[]).includes(word);
}

export function isSampleLanguage(word: string): word is SampleLanguage {
  return (SAMPLE_LANGUAGES as readonly string[]).includes(word);
}

/** The address of one edition of an article, as a path that Simmer serves. */
export function articlePath(language: SampleLanguage, slug: string, edition: number): string {
  return `/sample/articles/${language}/${slug}/${edition}`;
}
