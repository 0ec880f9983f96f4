import { readFileSync } from 'node:fs';
import {
  isSampleLanguage,
  SAMPLE_FOLDER,
  SAMPLE_LANGUAGES,
  type SampleInterest,
  type SampleLanguage,
} from './articles.ts';

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

export function loadSiteTexts(): Record<SampleLanguage, SiteTexts> {
  const read = (language: SampleLanguage) =>
    JSON.parse(readFileSync(`${SAMPLE_FOLDER}site/${language}.json`, 'utf8')) as SiteTexts;
  return { en: read('en'), nl: read('nl'), de: read('de') };
}

/**
 * The language to answer in: what the address asks for, else the first that the browser wants and the site has
 * (a call to action has one address for readers of all languages), else the programme's.
 */
export function chooseLanguage(
  asked: unknown,
  acceptLanguage: string | undefined,
  fallback: string,
): SampleLanguage {
  if (typeof asked === 'string' && isSampleLanguage(asked)) return asked;
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', quality] = part.trim().split(';q=');
      return {
        language: tag.slice(0, 2).toLowerCase(),
        quality: quality === undefined ? 1 : Number(quality),
      };
    })
    .sort((a, b) => b.quality - a.quality)
    .map(({ language }) => language)
    .find(isSampleLanguage);
  if (wanted) return wanted;
  return isSampleLanguage(fallback) ? fallback : SAMPLE_LANGUAGES[0];
}
