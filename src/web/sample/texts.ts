import { readFileSync } from 'node:fs';
import { chooseLanguage } from '../../domain/audience/language.ts';
import { SAMPLE_FOLDER, SAMPLE_LANGUAGES, type SampleInterest } from './articles.ts';

export interface SitePage {
  title: string;
  lead: string;
  /** File name below /sample/images. */
  image: string;
  sections: { heading: string; text?: string; points?: string[] }[];
}

/** What the sample company's site says in one language: templates/sample/site/LANGUAGE.json. */
export interface SiteTexts {
  company: string;
  editors: string;
  interests: Record<SampleInterest, { label: string; description: string; image: string }>;
  labels: Record<string, string>;
  pages: Record<string, SitePage>;
}

export function loadSiteTexts(): Readonly<Record<string, SiteTexts>> {
  return Object.fromEntries(
    SAMPLE_LANGUAGES.map((language) => [
      language,
      JSON.parse(readFileSync(`${SAMPLE_FOLDER}site/${language}.json`, 'utf8')) as SiteTexts,
    ]),
  );
}

/**
 * The language to answer in: what the address asks for, else the first that the browser wants and the site has
 * (a call to action has one address for readers of all languages), else the programme's.
 */
export function siteLanguage(asked: unknown, acceptLanguage: string | undefined, fallback: string): string {
  const wish = typeof asked === 'string' ? asked : undefined;
  const known = SAMPLE_LANGUAGES.includes(fallback) ? fallback : (SAMPLE_LANGUAGES[0] ?? fallback);
  return chooseLanguage(SAMPLE_LANGUAGES, known, wish, acceptLanguage);
}
