import type { OriginalMail } from './kinds.ts';
import { type MailPart, walk } from './mime.ts';

/** Enough of each; more is somebody playing. */
const MOST = 20;

/**
 * The names by which a mail of ours may be known in what came back: in its headers, in the returned mail or its
 * headers, in the free text. Reporters redact addresses; these names they leave.
 */
export function originalOf(mail: MailPart): OriginalMail {
  const messageIds = new Set<string>();
  const returnPaths = new Set<string>();
  const unsubscribeTokens = new Set<string>();
  for (const part of walk(mail, true)) {
    for (const name of ['message-id', 'in-reply-to', 'references', 'x-original-message-id']) {
      for (const value of part.headers.get(name) ?? []) note(value);
    }
    for (const name of [
      'list-unsubscribe',
      'return-path',
      'x-failed-recipients',
      'to',
      'delivered-to',
      'envelope-to',
      'x-original-to',
    ]) {
      for (const value of part.headers.get(name) ?? []) note(value);
    }
    // A returned mail is gone through as its parts.
    if (part.parts.length === 0) note(part.text.replace(/=\n/g, '').replace(/=3D/gi, '='));
  }
  return {
    messageIds: [...messageIds].slice(0, MOST),
    returnPaths: [...returnPaths].slice(0, MOST),
    unsubscribeTokens: [...unsubscribeTokens].slice(0, MOST),
  };

  function note(text: string): void {
    for (const match of text.matchAll(/<(?:issue)\.[^<>\s@]{1,80}@[^<>\s]{1,255}>/g))
      messageIds.add(match[0]);
    for (const match of text.matchAll(/\bb-[do][0-9a-z]{1,11}-[a-z2-7]{24}@[a-z0-9.-]{1,255}/gi))
      returnPaths.add(match[0]);
    for (const match of text.matchAll(/\/unsubscribe\/([A-Za-z0-9_-]{20,60})/g))
      unsubscribeTokens.add(match[1]!);
  }
}
