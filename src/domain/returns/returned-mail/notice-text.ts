import { type MailPart, textOfHtml, walk } from './mime.ts';

/** Where a report stops and the mail that came back begins, in reports without parts of their own for it. */
const ORIGINAL_BEGINS = new RegExp(
  [
    '^ *[-=|#*_][-=|#*_ ]{1,90}(?:this is a copy of|below (?:this|the next) line is|original message|returned (?:message|mail)|the (?:header|original|body)|message (?:header|text|headers)|unsent message|undelivered message|start of returned|header of|copy of (?:the|your)|forwarded message|transcript of (?:the )?message|your (?:original )?message|body of (?:the )?(?:original|returned)|included is|beginning of|text of)',
    '^(?:original message follows|old message|original message(?: headers?| attached)?:?\\s*$|message (?:header|text) follows|your message reads|here is your returned mail|included is a copy|a copy of the original message|the (?:first lines|header) of the (?:original|returned)|the original message (?:headers? )?(?:follows|is attached below)|le message original|urspr[uü]ngliche nachricht|mensaje original|oorspronkelijk bericht|--- ?original)',
    '^(?:return-path|received|x-envelope-from|delivered-to|dkim-signature):\\s',
  ].join('|'),
  'im',
);

/** No server says more; the patterns below are not meant for more either. */
const LONGEST_NOTICE = 20_000;

/** What a person would read of a report: its own words, without the mail it returns. */
export function noticeText(mail: MailPart): string {
  const plain: string[] = [];
  const html: string[] = [];
  for (const part of walk(mail)) {
    if (part.parts.length > 0 && part.type.startsWith('multipart/')) continue;
    if (part.type === 'text/plain' && !looksLikeHeaders(part.text)) plain.push(part.text);
    if (part.type === 'text/html') html.push(textOfHtml(part.text));
  }
  const text = plain.join('\n\n').trim() === '' ? html.join('\n\n') : plain.join('\n\n');
  return beforeOriginal(text.slice(0, LONGEST_NOTICE).normalize('NFC'));
}

function beforeOriginal(text: string): string {
  const at = text.search(ORIGINAL_BEGINS);
  // A marker in the first line is the heading of the report itself.
  return at > 0 ? text.slice(0, at) : text;
}

function looksLikeHeaders(text: string): boolean {
  return (
    /^\s*(?:received|return-path|from|message-id|x-[\w-]+):\s[\s\S]*\n[\w-]+:\s/i.test(text) &&
    !/^\s*\S.*\n\s*\n/.test(text.slice(0, 60))
  );
}

/** A reply of a server, where one stands in a sentence or on a line of its own. */
const REPLY_LINE =
  /(?:^|[\s'"(:<[#>])[45]\d\d(?:[ -]#?[45]\.\d{1,3}\.\d{1,3}\b|[ -]+(?:<|[A-Za-z(#"']))|\(#[45]\.\d\.\d{1,2}\)|\b[45]\.\d\.\d{1,3}\s*[-(]/;

/** The paragraphs that quote a server, in one line; '' when none does. */
export function quotedReplies(text: string): string {
  return text
    .split(/\n[ \t]*\n/)
    .filter((paragraph) => REPLY_LINE.test(paragraph))
    .map((paragraph) => paragraph.replace(/\s+/g, ' ').trim())
    .join(' | ')
    .slice(0, 4_000);
}

const ADDRESS = "[A-Za-z0-9._%+=&'/!#$*?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}";
/** Where a report names who was not reached: qmail and Postfix at the start of a line, others in so many words or in a list. */
const NAMED = new RegExp(
  `^[ \\t]*<(?<line>${ADDRESS})>:|\\b(?:rcpt to|(?:final|original|intended|failed)?[- ]?recipients?)[ \\t]*:[ \\t]*(?:rfc822;[ \\t]*)?<?(?<named>${ADDRESS})|\\b(?:following|these) (?:recipients?|address(?:es)?)(?:\\(\\w+\\))?[^\\n@:]{0,60}:\\s{1,80}<?(?<listed>${ADDRESS})`,
  'im',
);
/** Who sent: never whom a report is about. */
const SENDERS = new RegExp(
  `\\b(?:mail from|from|sender|reply-to)(?:[ \\t]{0,9}:[ \\t]{0,9}[^\\n<@]{0,60}|[ \\t]{1,9})<?${ADDRESS}`,
  'gi',
);

/** The address a plain report is about: the one it calls the recipient, else the first that is nobody's postmaster. */
export function addressInNotice(text: string): string | null {
  const groups = NAMED.exec(text)?.groups;
  const named = groups?.line ?? groups?.named ?? groups?.listed;
  if (named !== undefined) return named.toLowerCase();
  for (const match of text.replace(SENDERS, ' ').matchAll(new RegExp(ADDRESS, 'g'))) {
    const address = match[0].toLowerCase().replace(/^['/=]+/, '');
    if (!/^(postmaster|mailer-daemon|abuse|support|helpdesk|noreply|no-reply)@/.test(address)) return address;
  }
  return null;
}
