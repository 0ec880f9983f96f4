import { createPublicKey, verify } from 'node:crypto';
import type { VerifyPost } from './provider-post.ts';

/** https://www.twilio.com/docs/sendgrid: ECDSA over the timestamp and the body as it came. `key` is base64 DER. */
export function isFromSendGrid(
  headers: { signature: string | undefined; timestamp: string | undefined },
  body: Buffer,
  key: string,
): boolean {
  const { signature, timestamp } = headers;
  if (!signature || !timestamp) return false;
  try {
    const publicKey = createPublicKey({ key: Buffer.from(key, 'base64'), format: 'der', type: 'spki' });
    return verify(
      'sha256',
      Buffer.concat([Buffer.from(timestamp), body]),
      publicKey,
      Buffer.from(signature, 'base64'),
    );
  } catch {
    return false;
  }
}

/** The events of a post, each as a text of its own; null when it is no list. */
export function sendGridEvents(body: string): string[] | null {
  try {
    const events: unknown = JSON.parse(body);
    return Array.isArray(events) ? events.map((event) => JSON.stringify(event)) : null;
  } catch {
    return null;
  }
}

export const verifySendGrid: VerifyPost = ({ header, setting, body }) => {
  const field = (name: string) => header(`x-twilio-email-event-webhook-${name}`);
  const signed = { signature: field('signature'), timestamp: field('timestamp') };
  const posts = isFromSendGrid(signed, body, setting) ? sendGridEvents(body.toString('utf8')) : null;
  return posts && { posts };
};
