import { createHmac, timingSafeEqual } from 'node:crypto';

/** A post that is older is somebody's copy. Mailgun itself tries for eight hours, and signs each try anew. */
const OLDEST_MS = 24 * 3_600_000;

/** https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks */
export function isFromMailgun(body: string, key: string, now: Date): boolean {
  let signed: { timestamp?: unknown; token?: unknown; signature?: unknown } | undefined;
  try {
    signed = (JSON.parse(body) as { signature?: typeof signed }).signature;
  } catch {
    return false;
  }
  const { timestamp, token, signature } = signed ?? {};
  if (typeof timestamp !== 'string' || typeof token !== 'string' || typeof signature !== 'string')
    return false;
  if (Math.abs(now.getTime() - Number(timestamp) * 1000) > OLDEST_MS) return false;
  const expected = createHmac('sha256', key)
    .update(timestamp + token)
    .digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
