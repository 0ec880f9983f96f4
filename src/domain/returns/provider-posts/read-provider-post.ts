import { mailgun } from './mailgun.ts';
import { postmark } from './postmark.ts';
import { isObject, type Json, type ProviderEvent } from './provider-event.ts';
import { sendgrid } from './sendgrid.ts';
import { ses } from './ses.ts';

/** A provider that posts what came back, as far as its setting and what it posts go; web/returns says how it proves itself. */
interface ProviderFacts {
  /** The setting by which its posts are known. Not given: the provider is not in use. */
  setting: { name: string; form: RegExp; allowed: string; isHidden: boolean };
  /** What of the setting must never be seen; empty where nothing is. */
  secretIn: (setting: string) => string;
  read: (post: Json) => ProviderEvent[];
}

/** All of them: settings, routes and readers follow from it. */
export const PROVIDERS = {
  mailgun: {
    setting: {
      name: 'MAILGUN_SIGNING_KEY',
      form: /./,
      allowed: 'the HTTP webhook signing key that Mailgun shows',
      isHidden: true,
    },
    secretIn: (text) => text,
    read: mailgun,
  },
  postmark: {
    setting: {
      name: 'POSTMARK_WEBHOOK',
      form: /^[^:\s]+:\S{16,}$/,
      allowed: 'user:password as in the address of the webhook, the password of 16 characters or more',
      isHidden: true,
    },
    secretIn: (text) => text.slice(text.indexOf(':') + 1),
    read: postmark,
  },
  sendgrid: {
    setting: {
      name: 'SENDGRID_WEBHOOK_KEY',
      form: /^[A-Za-z0-9+/=]{60,}$/,
      allowed: 'the verification key that SendGrid shows, base64',
      isHidden: true,
    },
    // A public key.
    secretIn: () => '',
    read: sendgrid,
  },
  ses: {
    setting: {
      name: 'SES_TOPIC_ARN',
      form: /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]+$/,
      allowed: 'the topic that SES publishes to, such as arn:aws:sns:eu-west-1:123456789012:bounces',
      isHidden: false,
    },
    secretIn: () => '',
    read: ses,
  },
} as const satisfies Record<string, ProviderFacts>;

export type Provider = keyof typeof PROVIDERS;
export const PROVIDER_NAMES = Object.keys(PROVIDERS) as readonly Provider[];

/** How each provider proves that a post is its own; null: that provider is not in use, and its address answers 404. */
export type ProviderSettings = Readonly<Record<Provider, string | null>>;

/** Reads one kept post. Null when it is no JSON, or about something that is no return (a delivery, an open). */
export function readProviderPost(provider: Provider, raw: string): ProviderEvent[] {
  let post: unknown;
  try {
    post = JSON.parse(raw);
  } catch {
    return [];
  }
  if (!isObject(post)) return [];
  return PROVIDERS[provider].read(post);
}
