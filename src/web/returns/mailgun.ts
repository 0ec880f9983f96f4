import { createHmac, timingSafeEqual } from 'node:crypto';
import type { VerifyPost } from './provider-post.ts';

/** A post that is older is somebody's copy. Mailgun itself tries for eight hours, and signs each try anew. */
const OLDEST_MS = 24 * 3_600_000;
/** By how much its clock may be before ours. */
const NEWEST_MS = 10 * 60_000;

/**
 * The token that a post was signed with; null when it was not, or some other time. The signature covers the time and the
 * token alone: whoever has seen one could put another post below it, so that a token serves once (see `keepSigned`).
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export function mailgunToken(body: string, key: string, now: Date): string | null {
  const { timestamp, token, signature } = signatureOf(body);
  if (typeof token !== 'string' || token === '' || token.length > 200 || typeof signature !== 'string')
    return null;
  const seconds = String(timestamp);
  if (!/^\d{1,12}$/.test(seconds)) return null;
  const age = now.getTime() - Number(seconds) * 1000;
  if (age > OLDEST_MS || age < -NEWEST_MS) return null;
  const expected = createHmac('sha256', key)
    .update(seconds + token)
    .digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null;
}

function signatureOf(body: string): { timestamp?: unknown; token?: unknown; signature?: unknown } {
  try {
    const { signature } = JSON.parse(body) as { signature?: unknown };
    return typeof signature === 'object' && signature !== null ? signature : {};
  } catch {
    return {};
  }
}

export const verifyMailgun: VerifyPost = ({ setting, now, ...post }) => {
  const body = post.body.toString('utf8');
  const token = mailgunToken(body, setting, now);
  return token === null ? null : { post: withoutSignature(body), token };
};

/** Signed anew at each try: without it the same event is the same text, and kept once. */
function withoutSignature(body: string): string {
  const { signature: _, ...rest } = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify(rest);
}
