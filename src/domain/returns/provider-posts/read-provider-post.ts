import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import { isObject, type Json, type ProviderEvent } from './provider-event.ts';
import { sendgrid } from './sendgrid.ts';
import { ses } from './ses.ts';

export type Provider = 'ses' | 'postmark' | 'sendgrid' | 'mailgun';

/** Reads one kept post. Null when it is no JSON, or about something that is no return (a delivery, an open). */
export function readProviderPost(provider: Provider, raw: string): ProviderEvent[] {
  let post: unknown;
  try {
    post = JSON.parse(raw);
  } catch {
    return [];
  }
  if (!isObject(post)) return [];
  return READERS[provider](post);
}

const READERS: Record<Provider, (post: Json) => ProviderEvent[]> = { ses, postmark, sendgrid, mailgun };
