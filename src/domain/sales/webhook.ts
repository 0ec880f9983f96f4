import { createHmac, timingSafeEqual } from 'node:crypto';

/** What other programs can be told about a lead. */
export const WEBHOOK_TYPES = ['lead.qualified', 'lead.outcome', 'lead.returned'] as const;
/** 'webhook.test' is sent by hand and goes to every receiver. */
export type WebhookType = (typeof WEBHOOK_TYPES)[number] | 'webhook.test';

const SECRET_START = 'whsec_';
const SECONDS = 1000;
const MINUTES = 60 * SECONDS;
const HOURS = 60 * MINUTES;

/** The pauses between tries, as the Standard Webhooks specification advises: about three days in all. */
const GAPS = [
  5 * SECONDS,
  5 * MINUTES,
  30 * MINUTES,
  2 * HOURS,
  5 * HOURS,
  10 * HOURS,
  14 * HOURS,
  20 * HOURS,
  24 * HOURS,
];

/** When to try again after `tries` failed ones, or null when it is time to give up. `jitter` is 0 to 1: up to a fifth longer. */
export function nextTryAt(tries: number, now: Date, jitter: number): Date | null {
  const gap = GAPS[Math.max(tries, 1) - 1];
  return gap === undefined ? null : new Date(now.getTime() + Math.round(gap * (1 + jitter / 5)));
}

/** A new secret from random bytes (24 to 64 of them, by the specification). */
export function webhookSecret(random: Uint8Array): string {
  return SECRET_START + Buffer.from(random).toString('base64');
}

/** Standard Webhooks: HMAC-SHA256 over id, time (seconds) and body, as "v1,base64". Throws for a secret that is none. */
export function signWebhook(secret: string, messageId: string, at: Date, body: string): string {
  const key = Buffer.from(secret.slice(SECRET_START.length), 'base64');
  if (!secret.startsWith(SECRET_START) || key.length === 0)
    throw new Error(`a webhook secret starts with ${SECRET_START} and goes on in base64`);
  return `v1,${createHmac('sha256', key)
    .update(`${messageId}.${inSeconds(at)}.${body}`)
    .digest('base64')}`;
}

/** The headers of one try. Each try is signed with its own time; the id stays, so that the receiver knows a repeat. */
export function webhookHeaders(
  secret: string,
  messageId: string,
  at: Date,
  body: string,
): Record<string, string> {
  return {
    'content-type': 'application/json',
    'webhook-id': messageId,
    'webhook-timestamp': String(inSeconds(at)),
    'webhook-signature': signWebhook(secret, messageId, at, body),
  };
}

/** Whether one of the signatures in the header is ours. */
export function isSignedBy(
  secret: string,
  messageId: string,
  at: Date,
  body: string,
  header: string,
): boolean {
  const ours = Buffer.from(signWebhook(secret, messageId, at, body));
  return header.split(' ').some((given) => {
    const theirs = Buffer.from(given);
    return theirs.length === ours.length && timingSafeEqual(theirs, ours);
  });
}

/** What is posted: the specification's three fields. */
export function webhookBody(message: { type: string; at: Date; data: unknown }): string {
  return JSON.stringify({ type: message.type, timestamp: message.at.toISOString(), data: message.data });
}

function inSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
