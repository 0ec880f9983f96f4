import { classifyReply, type Fault, reasonInWords } from './classify-reply.ts';
import { addressIn, holdsReport, type ReportedRecipient, readDeliveryReport } from './delivery-report.ts';
import { readFeedback } from './feedback.ts';
import type { OriginalMail, ReturnedMail, ReturnFinding, ReturnKind, ReturnReason } from './kinds.ts';
import { header, type MailPart, parameter, readMime, walk } from './mime.ts';
import { addressInNotice, noticeText, quotedReplies } from './notice-text.ts';
import { originalOf } from './original.ts';
import { ownWords } from './own-words.ts';
import { kindOf } from './reasons.ts';
import { automaticSign, isAwayNote, isPersonal, reportSigns } from './signs.ts';
import { readSnsNotice } from './sns-notice.ts';
import { cameBeforeRecipient } from './stage.ts';
import { wishesToUnsubscribe } from './unsubscribe-wish.ts';

type Found = ReturnFinding;

/**
 * Reads what came back to our return path: bounces (RFC 3464, and the free texts of servers that do not know it),
 * complaints (RFC 5965), auto-replies, requests to unsubscribe. Never throws; what it cannot place is 'not-a-bounce'.
 * Only an address fault for good is a hard bounce; a report of a delay, of policy or of a full mailbox never is. `sentTo`
 * is the address of the envelope, where that is known: mail programs may name another in the mail.
 */
export function readReturnedMail(raw: Buffer, sentTo: string | null = null): ReturnedMail {
  const mail = readMime(raw);
  const original = originalOf(mail);
  const notice = readSnsNotice(mail);
  if (notice) return { ...notice.finding, original: bothOf(notice.names, original) };
  return { ...find(mail, noticeText(mail), sentTo), original };
}

/** The names in the JSON of a notice, and those that stand around it: lines broken for the mail may hide either. */
function bothOf(one: OriginalMail, other: OriginalMail): OriginalMail {
  const both = (name: keyof OriginalMail) => [...new Set([...one[name], ...other[name]])];
  return {
    messageIds: both('messageIds'),
    returnPaths: both('returnPaths'),
    unsubscribeTokens: both('unsubscribeTokens'),
  };
}

function find(mail: MailPart, text: string, sentTo: string | null): Found {
  const feedback = readFeedback(mail);
  if (feedback) return feedback;
  if (isReadReceipt(mail) && REJECTED.test(text)) return fromRejection(mail, text);
  if (isReadReceipt(mail))
    return other('auto-reply', 'read-receipt', 'a note that the mail was opened or deleted');
  const signs = reportSigns(mail.headers, text);
  const reported = reportedIn(mail, text, signs.isFromDaemon || signs.subjectSaysSo);
  if (reported.length > 0) return fromReport(reported, text, signs.isDelay);

  const replies = quotedReplies(text);
  const isReport =
    signs.declaresSo ||
    (signs.bodySaysSo && (signs.isFromDaemon || signs.subjectSaysSo || replies !== '')) ||
    (signs.subjectSaysSo && (signs.isFromDaemon || replies !== '')) ||
    (signs.isFromDaemon && replies !== '');
  const automatic = automaticSign(mail.headers, text);
  // Of a person or in a person's name: what it tells of mail that did not arrive is about something else.
  const isOfPerson =
    !signs.declaresSo && (isAwayNote(mail.headers) || (isPersonal(mail.headers) && !signs.isByDaemon));
  if (isReport && !isOfPerson) {
    return fromWords(mail, text, replies, signs.isDelay);
  }
  const unsubscribe = {
    ...other('unsubscribe', 'opt-out', 'a mail that asks to unsubscribe'),
    recipient: addressIn(header(mail.headers, 'from')),
  };
  if (isToUnsubscribeAddress(sentTo ?? '') || isToUnsubscribeAddress(header(mail.headers, 'to')))
    return unsubscribe;
  if (automatic === 'challenge')
    return other('auto-reply', 'challenge', 'asks the sender to prove to be a person');
  if (automatic === 'vacation')
    return other('auto-reply', 'vacation', 'marked as, or worded like, an automatic answer');
  // After the automatic answers: they hold any word, and repeat our subject.
  if (wishesToUnsubscribe(header(mail.headers, 'subject'), ownWords(mail))) return unsubscribe;
  return other('not-a-bounce', 'other', 'no sign of a report, a complaint or an automatic answer');
}

/** The recipients of a delivery report: of its own part, of one inside a forwarded report, or of fields in plain text. */
function reportedIn(mail: MailPart, text: string, looksLikeOne: boolean): ReportedRecipient[] {
  for (const within of [false, true]) {
    const found: ReportedRecipient[] = [];
    for (const part of walk(mail, within)) {
      if (!/^message\/(?:global-)?delivery-status$/.test(part.type)) continue;
      found.push(...readDeliveryReport(part.text));
    }
    if (found.length > 0) return found;
    if (!looksLikeOne) return [];
  }
  return holdsReport(text) ? readDeliveryReport(text) : [];
}

function fromReport(reported: readonly ReportedRecipient[], text: string, isDelay: boolean): Found {
  const failed = reported.filter(
    ({ action, status }) => action === 'failed' || (action === null && !status?.startsWith('2')),
  );
  if (failed.length === 0) {
    const delayed = reported.find(({ action }) => action === 'delayed');
    if (!delayed)
      return {
        ...other('not-a-bounce', 'delivered', 'a report that the mail was delivered or passed on'),
        recipient: reported[0]!.recipient,
      };
    return delay(delayed.recipient, delayed.status, delayed.diagnostic ?? text);
  }
  // A report without an Action that speaks of trying on, in a temporary code or none, is about a delay.
  if (isDelay && failed.every(({ action, status }) => action === null && !status?.startsWith('5')))
    return delay(failed[0]!.recipient, failed[0]!.status, failed[0]!.diagnostic ?? text);
  const read = failed.map((recipient) => ({ recipient, fault: faultOf(recipient, text) }));
  // One delivery is one recipient. Where an alias made several of it, the reader is lost only if all of them are.
  const { recipient, fault } = read.find((one) => one.fault.kind !== 'hard') ?? read[0]!;
  if (fault.kind === 'hard' && reported.length > failed.length)
    return bounce(
      { ...fault, kind: 'soft', reason: 'unclear' },
      recipient.recipient,
      text,
      'one address of several',
    );
  const said = recipient.diagnostic ?? (quotedReplies(text) || text);
  return bounce(unlessEarlier(fault, text), recipient.recipient, said, 'a delivery report (RFC 3464)');
}

/** The diagnostic of the refusing server first; then what the text quotes; then the code of the report; then its words. */
function faultOf({ diagnostic, status }: ReportedRecipient, text: string): Fault {
  if (diagnostic !== null) {
    const fault = classifyReply(diagnostic, status);
    if (fault.reason !== 'unclear') return fault;
  }
  const quoted = quotedReplies(text);
  if (quoted !== '') {
    const fault = classifyReply(quoted, status);
    if (fault.reason !== 'unclear') return fault;
  }
  const answer = diagnostic ?? (quoted === '' ? null : quoted);
  return byWordsAround(
    answer === null ? null : classifyReply(answer, status),
    classifyReply(
      diagnostic === null || reasonInWords(diagnostic) === null ? lastWords(text) : diagnostic,
      status,
    ),
  );
}

function fromWords(mail: MailPart, text: string, replies: string, isDelay: boolean): Found {
  const recipient = addressIn(header(mail.headers, 'x-failed-recipients')) ?? addressInNotice(text) ?? null;
  if (isDelay) return delay(recipient, null, text);
  const byReply = replies === '' ? null : classifyReply(replies);
  const subject = /^returned mail: (?!see transcript)(.*)/i.exec(header(mail.headers, 'subject'))?.[1] ?? '';
  const fault =
    byReply && byReply.reason !== 'unclear'
      ? byReply
      : byWordsAround(byReply, classifyReply(`${lastWords(text)}\n${subject}`));
  return bounce(
    unlessEarlier(fault, text),
    recipient,
    replies || text,
    'the words of a report without fields',
  );
}

/**
 * What a report says around a server's answer that says nothing: enough for a bounce, never for a hard one. A server that
 * was asked about the address would have said so itself, and reports explain what all may be wrong.
 */
function byWordsAround(answer: Fault | null, around: Fault): Fault {
  return answer !== null && around.kind === 'hard' ? answer : around;
}

/** What a server says before it knows the recipient is about the sender, in whatever words. */
function unlessEarlier(fault: Fault, text: string): Fault {
  const isForGood =
    fault.kind === 'hard' || (fault.code?.startsWith('5') && SAID_OF_ANYBODY.has(fault.reason));
  return isForGood && cameBeforeRecipient(text)
    ? { ...fault, kind: 'sender-fault', reason: 'sender-refused' }
    : fault;
}

const SAID_OF_ANYBODY: ReadonlySet<string> = new Set(['unclear', 'mailbox-disabled']);

/** Introductions say nothing about the cause, and some of them name several; the subject of our mail may hold any word. */
function lastWords(text: string): string {
  return text.replace(
    /^[ \t>]*(?:subject|betreff|onderwerp|objet|sujet|asunto|assunto|oggetto|temat|тема|件名|主题|主旨)[ \t]*[:：].*$|^[ \t]*(?:this (?:is the|is an auto|message was created)|if you|for (?:further|more)|you (?:may|can)|do not reply|i'm (?:sorry|afraid)|hi\.|please (?:send|contact|include)).*$/gim,
    ' ',
  );
}

/** Dovecot and Sieve (RFC 5429) refuse in the form of a note that the mail was deleted, in words of anybody's. */
const REJECTED = /\bwas (?:automatically )?rejected\b|has been (?:automatically )?rejected/i;

function fromRejection(mail: MailPart, text: string): Found {
  const found = fromWords(mail, text, quotedReplies(text), false);
  return found.kind === 'hard-bounce'
    ? { ...found, kind: 'soft-bounce', reason: 'refused-by-reader' }
    : found;
}

function bounce(fault: Fault, recipient: string | null, said: string, source: string): Found {
  const kind = fault.kind === 'sender-fault' ? fault.kind : (`${fault.kind}-bounce` as const);
  return {
    kind,
    reason: fault.reason,
    recipient,
    status: fault.status,
    diagnostic: tidy(said),
    evidence: `${source}: ${tidy(said, 300)}`,
  };
}

function delay(recipient: string | null, status: string | null, said: string): Found {
  const reason = classifyReply(said, status).reason;
  return {
    kind: 'delayed',
    reason: kindOf(reason) === 'hard' ? 'unclear' : reason,
    recipient,
    status,
    diagnostic: tidy(said),
    evidence: 'the server goes on trying',
  };
}

function other(kind: ReturnKind, reason: ReturnReason, evidence: string): Found {
  return { kind, reason, recipient: null, status: null, diagnostic: null, evidence };
}

function tidy(text: string, most = 1_000): string {
  return text
    .replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, most);
}

function isReadReceipt(mail: MailPart): boolean {
  if (/disposition-notification/i.test(parameter(header(mail.headers, 'content-type'), 'report-type') ?? ''))
    return true;
  for (const part of walk(mail)) if (part.type === 'message/disposition-notification') return true;
  return false;
}

/** To the address of our List-Unsubscribe: whatever a mail program writes there, and however it marks that. */
function isToUnsubscribeAddress(to: string): boolean {
  return /(?:^|[\s<,"'])unsubscribe\+[\w-]{4,60}@/i.test(to);
}
