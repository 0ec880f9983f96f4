import type { Source } from '../audience/subscriber.ts';

/** The parts of the line, each a text below common.touch of the locales. */
const ENGLISH = {
  campaign: 'campaign {name}',
  campaignVia: 'campaign {name} ({via})',
  term: 'search term {term}',
  content: 'ad {content}',
  download: 'download "{name}"',
  landingPage: 'landing page {page}',
  referrer: 'from {page}',
  form: 'form "{name}"',
  import: 'import {n}',
};

export type SourcePart = keyof typeof ENGLISH;

/** Says a part in the language of whoever reads it. */
export type SayPart = (part: SourcePart, values: Readonly<Record<string, string>>) => string;

/**
 * Where a lead came from, in one line for sales: "campaign spring-fair (google, cpc), landing page /payroll". Without `say`
 * in English. Null when nothing is known.
 */
export function sourceInWords(source: Source, say: SayPart = inEnglish): string | null {
  const medium = [source.utm_source, source.utm_medium].filter(Boolean).join(', ');
  const imported = /^import (\d+)$/.exec(source.form ?? '')?.[1];
  const parts = [
    source.utm_campaign && medium
      ? say('campaignVia', { name: source.utm_campaign, via: medium })
      : (source.utm_campaign || medium) && say('campaign', { name: source.utm_campaign ?? medium }),
    source.utm_term && say('term', { term: source.utm_term }),
    source.utm_content && say('content', { content: source.utm_content }),
    source.download && say('download', { name: source.download }),
    source.landing_page && say('landingPage', { page: source.landing_page }),
    source.referrer && say('referrer', { page: source.referrer }),
    imported === undefined
      ? source.form && say('form', { name: source.form })
      : say('import', { n: imported }),
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : null;
}

function inEnglish(part: SourcePart, values: Readonly<Record<string, string>>): string {
  return ENGLISH[part].replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
}
