import type { ReturnFinding } from './kinds.ts';
import { header, type MailPart, readHeaders, walk } from './mime.ts';

const COMPLAINT_SUBJECT =
  /^\W*(?:\[?abuse\]?|complaint about|(?:spam|abuse|junk) (?:report|complaint)|email feedback report|feedback[ -]loop|client tos notification)/i;

/**
 * A complaint of a reader by way of the mail provider (RFC 5965), or null. Outlook.com and AOL in its first years send
 * no feedback part, but the mail itself under a subject of their own.
 */
export function readFeedback(mail: MailPart): ReturnFinding | null {
  for (const part of walk(mail)) {
    if (part.type === 'message/feedback-report') return fromFields(readHeaders(part.text.trimStart()));
  }
  const hasOriginal = [...walk(mail)].some(({ type }) => type === 'message/rfc822');
  const subject = header(mail.headers, 'subject');
  if (hasOriginal && COMPLAINT_SUBJECT.test(subject)) {
    return finding('complaint', 'abuse', `a complaint without a report part: "${subject.slice(0, 100)}"`);
  }
  if (/^report domain:.*submitter:/i.test(subject)) return finding('not-a-bounce', 'other', 'a DMARC report');
  return null;
}

function fromFields(fields: ReturnType<typeof readHeaders>): ReturnFinding {
  const type = header(fields, 'feedback-type').toLowerCase();
  const address = header(fields, 'original-rcpt-to') || header(fields, 'removal-recipient');
  const recipient = /(?<![^\s<>])[^\s<>]+@[^\s<>]+/.exec(address)?.[0]?.toLowerCase() ?? null;
  const says = `a feedback report (RFC 5965) of type "${type}"`;
  if (/^opt-out/.test(type)) return { ...finding('complaint', 'opt-out', says), recipient };
  if (/^(auth-failure|not-spam|dmarc|dkim)/.test(type)) return finding('not-a-bounce', 'other', says);
  // 'abuse', 'fraud', 'virus', 'miscategorized', 'other': a reader, or what works for one, wants no more of these.
  return { ...finding('complaint', 'abuse', says), recipient };
}

function finding(
  kind: ReturnFinding['kind'],
  reason: ReturnFinding['reason'],
  evidence: string,
): ReturnFinding {
  return { kind, reason, recipient: null, status: null, diagnostic: null, evidence };
}
