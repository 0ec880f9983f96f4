import { type MailPart, textOfHtml, walk } from './mime.ts';

/** Nobody needs more to say what they want of us; a mail of this length is read to its end all the same. */
const LONGEST = 20_000;

/** Where mail programs put the mail that is answered, in HTML. */
const QUOTE_IN_HTML =
  /<blockquote\b|gmail_(?:quote|extra|attr)|yahoo_quoted|moz-cite-prefix|OutlookMessageHeader|divRplyFwdMsg|appendonsend|type="?cite|mail-editor-reference|<hr\b/i;

/** Where a line begins what others wrote: a copied header, a rule, "Original Message" in brackets of dashes. */
const QUOTE_BEGINS =
  /^(?:-{2,}\s*\S{1,20}|_{5,}|\*{5,}|={5,}|begin forwarded message|(?:from|von|van|de|da|od|odesílatel|feladó|från|fra|lähettäjä|kimden|от|від|差出人|发件人|寄件者|보낸 사람)\s?[:：])/i;

/** "On Tue, 17 November, News wrote:" and the same elsewhere: it names a day and ends in a colon. */
const ATTRIBUTION_BEGINS =
  /^(?:on|am|op|le|el|em|il|w dniu|dne|dňa|den|d\.|pe|ma|ti|ke|στις|vào|em|в|пн|вт|ср|чт|пт|сб|вс|\d{1,4}[./年-])/i;
const ATTRIBUTION_ENDS =
  /(?:wrote|writes|schrieb\b.{0,80}|schreef\b.{0,80}|a écrit|escribi[oó]|escreveu|ha scritto|napisał\(?a?\)?|napsal\(?a?\)?|napísal\(?a?\)?|skrev\b.{0,80}|kirjoitti|írta|yazdı|şunları yazdı|a scris|пишет|написал\(?а?\)?|писал\(?а?\)?|έγραψε|写道|寫道|作成|작성)\s{0,3}[:：]\s{0,3}$/i;

/** The end of what is said: polite closings, the dashes of a signature, what phones add. */
const CLOSING = new RegExp(
  `^(?:${[
    '--$|—$|-{3,}$|_{3,4}$',
    'sent (?:from|via|with|using)|get outlook|von meinem|gesendet (?:von|mit|über)|verstuurd|verzonden|envoy[eé] (?:de|depuis)|enviad[oa] (?:desde|do|de)|inviato da|wysłan[oe]|odesláno|skickat från|sendt fra|отправлено|从我的|iphone',
    '(?:(?:best|kind|warm)(?:est)? )?(?:regards|wishes)\\b|best[ ,.!]{0,3}$|sincerely|yours|cheers|respectfully',
    '(?:mit |viele |liebe |beste |sch[oö]ne |herzliche |freundliche ){0,8}(?:freundliche[nm]? )?gr(?:ü|ue|u)(?:ß|ss)e?n?\\b|mfg\\b|lg\\b|vg\\b|bg\\b|hochachtungsvoll',
    '(?:met )?(?:vriendelijke |hartelijke )?groet(?:en|jes)?\\b|mvg\\b|hoogachtend',
    '(?:bien )?cordialement|bien à (?:vous|toi)|salutations|sinc[eè]res|bonne (?:journ[eé]e|soir[eé]e)',
    '(?:un |muchos )?(?:cordial )?saludos?\\b|atentamente|cumprimentos|atenciosamente|att\\b|abra[cç]os?\\b|(?:cordiali |distinti )?saluti\\b',
    'pozdrawiam|z poważaniem|s pozdravem|pozdrav|(?:med )?(?:venlig|vennlig|vänliga?) ?hils|mvh\\b|hilsen|h[aä]lsning|terveisin|yst[aä]v[aä]ll|sayg[iı]lar|üdvözlettel|cu stim[aă]|с уважением|з повагою|με εκτίμηση|此致|敬具|감사합니다$',
  ].join('|')})`,
  'i',
);

/**
 * What a person wrote in a mail: without the mail that is answered, the signature and what phones add. Only where the mail
 * has no plain text it is read from HTML.
 */
export function ownWords(mail: MailPart): string {
  const plain: string[] = [];
  const html: string[] = [];
  for (const part of walk(mail)) {
    if (part.parts.length > 0) continue;
    if (part.type === 'text/plain') plain.push(part.text);
    if (part.type === 'text/html') html.push(part.text);
  }
  const text = plain.join('\n');
  return ownLines(text.trim() === '' ? textOfHtml(html.map(beforeQuote).join('\n')) : text).join('\n');
}

function beforeQuote(html: string): string {
  const at = html.search(QUOTE_IN_HTML);
  return at < 0 ? html : html.slice(0, at);
}

function ownLines(text: string): string[] {
  const lines = text
    .slice(0, LONGEST)
    .split('\n')
    .map((line) => line.trim().slice(0, 1_000));
  const own: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    // Who answers below or between the lines of others leaves them marked.
    if (line === '' || line.startsWith('>')) continue;
    const taken = attribution(lines.slice(at, at + 3));
    if (taken > 0) {
      const next = lines.slice(at + taken).find((later) => later !== '');
      if (!next?.startsWith('>')) break;
      at += taken - 1;
      continue;
    }
    // A closing comes after something; a mail that begins with one has nothing else to say.
    if (QUOTE_BEGINS.test(line) || (CLOSING.test(line) && own.length > 0)) break;
    own.push(line);
  }
  return own;
}

/** How many of these lines name who wrote what follows and when: up to three; 0 when they are something else. */
function attribution(lines: string[]): number {
  if (ATTRIBUTION_ENDS.test(lines[0]!)) return 1;
  if (!ATTRIBUTION_BEGINS.test(lines[0]!)) return 0;
  return 1 + lines.findIndex((_line, at) => ATTRIBUTION_ENDS.test(lines.slice(0, at + 1).join(' ')));
}
