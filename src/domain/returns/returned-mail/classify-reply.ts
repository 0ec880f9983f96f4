import { DOUBTS } from './doubts.ts';
import { ADDRESSEE } from './languages.ts';
import { type FaultKind, type FaultReason, kindOf } from './reasons.ts';
import { REPLY_RULES } from './reply-words.ts';
import { reasonOfStatus } from './status-codes.ts';

export interface Fault {
  kind: FaultKind;
  reason: FaultReason;
  /** The SMTP code in the text; null when there is none. */
  code: string | null;
  /** The enhanced code that counted, of the text or as given; null when there is none. */
  status: string | null;
}

/** Says so little that any other evidence counts for more: x.0.x, and "unknown address error" of some gateways. */
const SAYS_LITTLE = /^[245]\.(0\.\d{1,3}|1\.0|2\.0|5\.0)$/;

/** Codes that hold whatever is said with them: who has them cannot mean that the address is gone. */
const OUTWEIGHS_WORDS = /^[45]\.(7\.\d{1,3}|2\.2|2\.3|3\.4|1\.[78]|4\.[567]|6\.\d{1,3})$/;

/** A reply is some lines; what is longer is a whole report, and its beginning says what there is to say. */
const LONGEST = 6_000;

/**
 * Exchange Online's answer at the edge to an address that its directory does not have: it is about the recipient, in the
 * words of a policy. Others say "Access denied" too, and mean us: it must be signed by one of its servers.
 */
const EDGE_BLOCKED =
  /\b5\.4\.1[ :].{0,300}?\brecipient\s{1,4}address(?:es)?\s{1,4}rejected\s{0,4}:\s{0,4}access\s{1,4}denied/is;
const EXCHANGE_ONLINE =
  /\bas\(\d{6,12}\)|\bexosmtperrors\b|\.(?:outlook|office365|exchangelabs)\.(?:com|cn|de|us|[a-z]{2,10}\.mil)\b|\.mail\.protection\.|\beop-[a-z]{2,6}\d\d\b/i;

function isEdgeBlock(text: string): boolean {
  const cut = text.slice(0, LONGEST);
  return EDGE_BLOCKED.test(cut) && EXCHANGE_ONLINE.test(cut);
}

/** Nothing but "this address", and a code that says "addressing", or that it was said in answer to the recipient. */
const ADDRESS_REJECTED =
  /^(?:smtp;)?\s*55\d[ -](?:#?5\.1\.0\s+(?:<[^>]*>:?\s*)?address rejected|(?:<[^>]*>:?\s*)?recipient address rejected\.?\s*(?:\(in reply to rcpt to command\)\s*)?$)/i;

/**
 * What a reply means: of a server (at sending time) or quoted in a returned mail. `given` is the Status field of a
 * delivery report, which often is the local server's summary: it counts only where the text has nothing to say. What
 * is unclear is soft, never hard: wrongly dropping a reader costs more than one more refused mail.
 */
export function classifyReply(text: string, given: string | null = null): Fault {
  const code = smtpCodeIn(text);
  const codes = enhancedCodesIn(text);
  const ofTheText = strongest(codes);
  const status = ofTheText ?? (given !== null && !SAYS_LITTLE.test(given) ? given : null);
  const reason = reasonOf(text, code, ofTheText, status);
  const fault = (reason: FaultReason): Fault => ({
    kind: kindOf(reason),
    reason,
    code,
    status: status ?? codes[0] ?? given,
  });
  if (kindOf(reason) !== 'hard') return fault(reason);
  if (code !== null && ABOUT_SESSION.test(code)) return fault('unclear');
  // Who answers has been found: "domain not found" is about the recipient's only if something says so.
  if (
    reason === 'bad-domain' &&
    code !== null &&
    ofTheText === null &&
    !NAMES_DESTINATION.test(withoutAddressee(text))
  )
    return fault('unclear');
  // An address fault must be for good, by whoever speaks: a server that says "for now" may know better tomorrow.
  const isForNow =
    (code ?? status ?? given)?.startsWith('4') || (given?.startsWith('4') && ofTheText === null);
  return fault(isForNow ? 'unclear' : (doubtIn(text) ?? reason));
}

/** The reason by the words and codes, before it is doubted. `ofTheText` is the code in the text, `status` that or the given one. */
function reasonOf(
  text: string,
  code: string | null,
  ofTheText: string | null,
  status: string | null,
): FaultReason {
  if (isEdgeBlock(text) || ADDRESS_REJECTED.test(text.trim())) return 'no-such-user';
  const worded = reasonInWords(text);
  const numbered = status === null ? null : reasonOfStatus(status);
  if (worded !== null && numbered !== null && status !== null) {
    // Of a report's own field only that it was policy counts against words in the text.
    const isTold = ofTheText !== null || POLICY.test(status);
    if (kindOf(worded) === 'hard' && isTold && OUTWEIGHS_WORDS.test(status))
      return status.startsWith('4') || code?.startsWith('4') ? 'unclear' : numbered;
    if (
      ofTheText?.startsWith('5') &&
      POLICY.test(status) &&
      kindOf(worded) === 'soft' &&
      !KNOWN_SOFT.has(worded)
    )
      return numbered;
  }
  if (worded !== null) return worded;
  if (numbered !== null) {
    // Gateways give every refusal of a recipient the code of an unknown address: the text must at least be about one.
    const isSummary = ofTheText === null && kindOf(numbered) === 'hard' && code !== null;
    return isSummary && !ADDRESSEE.test(bareWords(text)) ? 'unclear' : numbered;
  }
  if (code === '552') return 'mailbox-full';
  if (code === '556') return 'bad-domain';
  return PAGE_FOR_SENDERS.test(text) ? 'policy' : 'unclear';
}

/** Nothing said but where the provider tells senders its rules. */
const PAGE_FOR_SENDERS =
  /\bpostmaster\.[a-z0-9-]{1,63}\.[a-z0-9.-]{1,200}\/|https?:\/\/[^\s/]{1,200}\/postmaster\b/i;

/** Codes about the order of commands and about signing in: no answer to an address. */
const ABOUT_SESSION = /^(?:421|50[23]|530|53[4578])$/;

/** Without the address that Postfix writes in front of every answer. */
const withoutAddressee = (text: string): string => text.replace(/<[^<>\s@]+@[^<>\s]+>: (?=host )/g, ' ');

const NAMES_DESTINATION =
  /recipient|rcpt|destination|address|unroute?able|null ?mx|host unknown|unknown host|no mx|<[^<>\s@]+@[^<>\s]+>\.{0,3}:? /i;

const POLICY = /^[45]\.7\./;

/** What else a reply may be about that seems to be about an address that is gone, or null. */
function doubtIn(text: string): FaultReason | null {
  if (isEdgeBlock(text)) return null;
  const words = bareWords(text);
  for (const doubt of DOUBTS) if (doubt.words.test(words)) return doubt.reason;
  return null;
}

/** Soft words that explain an x.7.x code better than "policy" does. */
const KNOWN_SOFT: ReadonlySet<FaultReason> = new Set([
  'greylisted',
  'mailbox-full',
  'refused-by-reader',
  'too-large',
]);

/** The first reason the words give, or null. */
export function reasonInWords(text: string): FaultReason | null {
  const words = bareWords(text);
  for (const rule of REPLY_RULES) if (rule.words.test(words)) return rule.reason;
  return null;
}

/** Lower case, one line, without what may hold any word: addresses, host names, codes, and the reporter's own phrases. */
function bareWords(text: string): string {
  return ` ${text.slice(0, LONGEST)} `
    .toLowerCase()
    .replace(/[\u2018\u2019\u00b4`]/g, "'")
    .replace(/=\r?\n/g, '')
    .replace(/\s+/g, ' ')
    .replace(/https?:\/\/[^\s>"')\]]+/g, keptOfAddress)
    .replace(/\b(?:resolver|queue|smtpsend|storedrv|routing)\.[a-z.]+/g, (name) => name.replaceAll('.', ' '))
    .replace(/<[^<>\s@]*@[^<>\s]*>/g, ' ')
    .replace(/[\w.+=%!#&'*/-]{1,64}@[a-z0-9.[\]-]{1,255}/g, ' ')
    .replace(
      /\b(?:smtp|lmtp) error from remote (?:mail server|mailer) after (?:rcpt to|end of data|data|initial connection|pipelined )[^:]{0,300}:/g,
      ' ',
    )
    .replace(/_/g, ' ')
    .replace(/\bgiving up on \S+/g, ' ')
    .replace(/\b[245]\d\d[- ]#?[245]\.\d{1,3}\.\d{1,3}\b|\b[245]\.\d{1,3}\.\d{1,3}\b/g, ' ')
    .replace(/\bhost:? [^\s[(]{1,255} ?[[(][^\])]{0,300}[\])]:?(?: said:)?/g, ' ')
    .replace(
      /\b(?:remote )?host (?:\S{1,255} )?(?:said|says|replied|responded)\b:?|\(domain [^)]{0,255}\)/g,
      ' ',
    )
    .replace(/\b(?:[a-z0-9_-]{1,63}\.){1,12}[a-z]{2,24}\b\.?/g, keptOfAddress)
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, ' ')
    .replace(/\s+/g, ' ');
}

/** Of an address only the name of a blocklist is kept: that one says something. */
function keptOfAddress(address: string): string {
  const name =
    /bulk\.advertising|spamhaus|barracudacentral|spamcop|sorbs|abuseat|uceprotect|invaluement|senderscore|nosuchuser|spf|dmarc/.exec(
      address,
    );
  return name ? ` ${name[0]} ` : ' ';
}

/** The first three-digit code of class 4 or 5 that stands where a reply begins. */
function smtpCodeIn(text: string): string | null {
  const match = /(?:^|[^\d.:/\w-])([45]\d\d)(?=[ -]#?[45]\.\d{1,3}\.\d|[ -][^\d\s]|-?\s|$)/.exec(text);
  return match?.[1] ?? null;
}

/** Enhanced codes in the order they stand; numbers of IP addresses and versions are none. */
function enhancedCodesIn(text: string): string[] {
  return [...text.matchAll(/(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?!\.?\d)/g)]
    .map((match) => match[1]!)
    .filter((status) => Number(status.split('.')[1]) <= 7);
}

/** A policy code wins, then the first that says something. */
function strongest(codes: readonly string[]): string | null {
  return (
    codes.find((code) => /^[45]\.7\./.test(code)) ?? codes.find((code) => !SAYS_LITTLE.test(code)) ?? null
  );
}
