import { createHash } from 'node:crypto';
import type { Links } from '../links.ts';
import { type Digest, inLanguage, type Programme } from '../programme.ts';
import { newMac } from '../use-key.ts';
import { phrase } from './header-text.ts';
import type { OneOffKind } from './mails.ts';
import { unsubscribeAddress } from './unsubscribe-address.ts';

/** Header fields by name; every one of them stands in a mail once. */
export type MailHeaders = Record<string, string>;

/** What comes after the @, in lower case. */
export function mailDomain(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

/**
 * A Message-ID that is the same whenever the same row is sent again, and that nobody else can make up: `id` is the
 * row's, `kind` says of which table. With angle brackets. The first secret makes it; whoever sends again after the
 * secrets changed must take the one kept with the row.
 */
export function messageId(kind: string, id: number, domain: string, secrets: readonly string[]): string {
  const mac = newMac('messageId', secrets, `${kind} ${id}`, 12).toString('hex');
  return `<${kind}.${id}.${mac}@${domain}>`;
}

export interface IssueMailHeadersInput {
  programme: Programme;
  digest: Digest;
  links: Links;
  issueId: number;
  deliveryId: number;
  language: string;
  /** Where mails that come back are read, mails that unsubscribe too; null or left out: nowhere. */
  returnPathDomain?: string | null;
}

/**
 * The fields of an issue mail: RFC 8058 one-click unsubscribe (one https URI in the one List-Unsubscribe; a mailto
 * behind it for mail programs that know no other), RFC 2919
 * List-Id, RFC 2369 List-Post, RFC 3834 Auto-Submitted, and Google's Feedback-ID.
 */
export function issueHeaders(input: IssueMailHeadersInput): MailHeaders {
  const { programme, digest, links, issueId, deliveryId, language, returnPathDomain = null } = input;
  const domain = mailDomain(programme.brand.from.address);
  const page = links.unsubscribeFrom(issueId, deliveryId);
  const token = page.slice(page.lastIndexOf('/') + 1);
  const byMail =
    returnPathDomain === null
      ? ''
      : `, <mailto:${unsubscribeAddress(token, returnPathDomain)}?subject=unsubscribe>`;
  return {
    ...commonHeaders(programme),
    'List-Unsubscribe': `<${page}>${byMail}`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    // The label is the digest's id, which must not change for life; the name before it is for people and may.
    'List-Id': `${phrase(inLanguage(digest.name, programme.defaultLanguage))} <${digest.id}.${domain}>`,
    'List-Post': 'NO',
    'Feedback-ID': feedbackId([`issue-${issueId}`, digest.id, language], domain),
  };
}

/** The fields of a mail that one person's own act caused. It belongs to no list, so it has no List-* fields. */
export function oneOffHeaders(programme: Programme, kind: OneOffKind, language: string): MailHeaders {
  const domain = mailDomain(programme.brand.from.address);
  return {
    ...commonHeaders(programme),
    'Feedback-ID': feedbackId(['one-off', kind, language], domain),
    // An issue that goes to one person alone is for looking at it first.
    ...(kind === 'issue' ? { 'X-Simmer-Test': 'yes' } : {}),
  };
}

function commonHeaders(programme: Programme): MailHeaders {
  return { 'Reply-To': programme.brand.replyTo, 'Auto-Submitted': 'auto-generated' };
}

/** `a:b:c:SenderId`. The SenderId must be constant and 5 to 15 characters long; no part may be unique per mail. */
function feedbackId(parts: [string, string, string], domain: string): string {
  const letters = domain.replace(/[^a-z0-9]/g, '').slice(0, 15);
  const senderId =
    letters.length >= 5 ? letters : `s${createHash('sha256').update(domain).digest('hex').slice(0, 9)}`;
  return [...parts.map((part) => part.replace(/[^A-Za-z0-9_-]/g, '-')), senderId].join(':');
}
