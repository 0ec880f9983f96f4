import { createHash, timingSafeEqual } from 'node:crypto';
import type { VerifyPost } from './provider-post.ts';

/** Postmark signs nothing; it sends the user and password that stand in the webhook's address. */
export function isFromPostmark(authorization: string | undefined, secret: string): boolean {
  const given = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? '')?.[1];
  if (given === undefined) return false;
  const digest = (text: Buffer | string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(Buffer.from(given, 'base64')), digest(secret));
}

export const verifyPostmark: VerifyPost = ({ header, setting, body }) =>
  isFromPostmark(header('authorization'), setting) ? { posts: [body.toString('utf8')] } : null;
