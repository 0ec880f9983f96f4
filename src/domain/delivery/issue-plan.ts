import type { Article } from '../content/article.ts';
import { CALL_BACK_TARGET, type Links } from '../links.ts';
import { type Digest, inLanguage, type Programme } from '../programme.ts';
import { dueAt, isTimeZone, type LocalDay } from './schedule.ts';

const HOUR_MS = 60 * 60_000;
/** After an outage a slot's issue still goes out this long after its last due time; later it is left out. */
export const LATE_MS = 24 * HOUR_MS;

/** When a reader is due. A zone that this machine does not know counts as UTC: a mail at an odd hour beats none. */
export function dueForReader(digest: Digest, day: LocalDay, timeZone: string): Date {
  const zone = digest.timeZone === 'reader' ? timeZone : digest.timeZone;
  return dueAt(digest.schedule, day, isTimeZone(zone) ? zone : 'UTC');
}

/** The oldest an article may be to be in an issue planned now. */
export function freshSince(digest: Digest, now: Date): Date {
  return new Date(now.getTime() - digest.freshnessMs);
}

export interface PlannedLink {
  number: number;
  role: 'article' | 'call-to-action' | 'footer';
  targetId: string;
  language: string;
  url: string;
  label: string;
}

/**
 * Every place that the links of an issue's mails can lead to, numbered from 1: each article, and each call to action
 * and footer link per language. URLs are absolute, but for the reader's own call-back page.
 */
export function linkTable(programme: Programme, articles: readonly Article[], links: Links): PlannedLink[] {
  const table: Omit<PlannedLink, 'number'>[] = articles.map((article) => ({
    role: 'article',
    targetId: String(article.id),
    language: article.language,
    url: links.absolute(article.url),
    label: article.title,
  }));
  for (const language of programme.languages) {
    for (const { id, kind, url, label } of programme.callsToAction) {
      if (kind !== 'call-back' && url === null) throw new Error(`the call to action "${id}" has no url`);
      table.push({
        role: 'call-to-action',
        targetId: id,
        language,
        url: kind === 'call-back' ? CALL_BACK_TARGET : links.absolute(url!),
        label: inLanguage(label, language),
      });
    }
    for (const { id, url, label } of programme.footerLinks) {
      table.push({
        role: 'footer',
        targetId: id,
        language,
        url: links.absolute(url),
        label: inLanguage(label, language),
      });
    }
  }
  return table.map((link, index) => ({ number: index + 1, ...link }));
}
