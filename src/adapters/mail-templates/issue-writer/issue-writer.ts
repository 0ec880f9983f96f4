import { type Links, linksWith } from '../../../domain/links.ts';
import { type ArticleCardTexts, cardAddresses } from '../../../domain/mail/article-cards.ts';
import { field, freeText, mailbox, mailDate } from '../../../domain/mail/header-text.ts';
import { issueHeaders } from '../../../domain/mail/headers.ts';
import { type IssueReader, issueMails, type WrittenIssueMail } from '../../../domain/mail/issue-mail.ts';
import type { Programme } from '../../../domain/programme.ts';
import { makeReturnPath } from '../../../domain/returns/return-path.ts';
import type {
  IssueMailToWrite,
  IssueMailWriter,
  IssueToWrite,
  MailSigner,
  WireMail,
} from '../../../journey/delivery/ports/wire.ts';
import type { Log } from '../../../journey/ports.ts';
import type { MailParts } from '../renderer.ts';
import { wrapText } from '../wrap-text.ts';
import { issuePart } from './issue-part.ts';
import { type Form, HTML_FORM, TEXT_FORM } from './part-forms.ts';
import { TOKEN_MARK } from './segments.ts';
import type { RenderPart } from './skeleton.ts';
import { mostLength, type TemplateWithSlots, withoutSlots, writeSegments } from './slots.ts';
import { wireBuffers } from './wire-buffers.ts';

export interface IssueWriterOptions {
  programme: Programme;
  links: Links;
  publicUrl: string;
  secrets: readonly string[];
  /** Where bounces go; null: to the brand's From address. */
  returnPathDomain: string | null;
  signer: MailSigner | null;
  log: Log;
}

/** Room in front of a mail for the signatures, which are made when the rest is there. */
const ROOM_FOR_SIGNATURES = 4096;
/** "=_" never stands in quoted-printable, so this cannot stand in a part. */
const BOUNDARY = '=_simmer_part';
/** So many new skeletons and cards of an issue are compared with the mail rendered whole. */
const CHECKS = 40;

const TEXT_START = `--${BOUNDARY}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
const HTML_START = `\r\n--${BOUNDARY}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;
const END = `\r\n--${BOUNDARY}--\r\n`;

/**
 * Writes the mails of issues as bytes for the wire. HTML and text are put together from pieces that are encoded once
 * (issue-part.ts); headers, which are short and differ everywhere, are written for each mail.
 */
export function issueMailWriter(parts: MailParts, options: IssueWriterOptions): IssueMailWriter {
  const { programme, links, publicUrl, secrets, returnPathDomain, signer, log } = options;
  const buffers = wireBuffers();
  const markedLinks = linksWith(publicUrl, { subscriber: () => TOKEN_MARK, delivery: () => TOKEN_MARK });
  const from = field('From', mailbox(programme.brand.from.name, programme.brand.from.address));

  return {
    prepare(issue: IssueToWrite) {
      const context = {
        programme,
        digestId: issue.digestId,
        issueId: issue.issueId,
        articles: issue.articles,
        issueLinks: issue.issueLinks,
        webVersion: false,
      };
      const digest = programme.digests.find(({ id }) => id === issue.digestId);
      if (!digest) throw new Error(`the programme has no digest "${issue.digestId}"`);
      const mailOf = issueMails({ ...context, links });
      const marked = issueMails({ ...context, links: markedLinks });

      /** All fields that only differ by language and token. */
      const sharedFields = remembered((language: string) => {
        const ids = { issueId: issue.issueId, deliveryId: 0 };
        const of = { programme, digest, links: markedLinks, language, returnPathDomain };
        const headers = issueHeaders({ ...of, ...ids });
        return [
          field('Content-Language', language),
          ...Object.entries(headers).map(([name, value]) => field(name, value)),
          'MIME-Version: 1.0',
          `Content-Type: multipart/alternative; boundary="${BOUNDARY}"`,
        ].join('\r\n');
      });
      const subjectField = remembered((subject: string) => field('Subject', freeText(subject)));
      /** It names the main article, so it is made once for all who have that. */
      const subjects = new WeakMap<ArticleCardTexts, string>();
      const subjectOf = ({ words, mail }: WrittenIssueMail, language: string): string => {
        let subject = subjects.get(words.main);
        if (subject === undefined) {
          subject = parts.subject('issue', language, mail());
          subjects.set(words.main, subject);
        }
        return subject;
      };

      /**
       * Puts a part of each mail together from pieces. New ones are compared with the part rendered whole: `seen` is what
       * readers see of it. Where that cannot be done the part is rendered whole and encoded as one piece.
       */
      const assembler = (
        what: string,
        { render, seen, form }: { render: RenderPart; seen: RenderPart; form: Form },
      ) => {
        const part = issuePart(render, form);
        const whole = (mail: WrittenIssueMail, { language, subject }: Said) =>
          withoutSlots(form.encode(seen(language, mail.mail(), subject)));
        let isSeenThrough = true;
        let checked = 0;
        return (reader: IssueReader, mail: WrittenIssueMail, said: Said): TemplateWithSlots[] => {
          const { language, subject, token } = said;
          // Plain links differ from reader to reader, so such a mail has no pieces in common with others.
          if (!isSeenThrough || reader.subscriber.tracking === false) return [whole(mail, said)];
          const madeBefore = part.made();
          try {
            const pieces = part.pieces({
              mail,
              language,
              subject,
              token,
              readerLanguage: reader.subscriber.language,
              marked: () => marked(reader).mail(),
              markedAddresses: (number) =>
                cardAddresses(markedLinks, issue.issueId, reader.deliveryId, number),
            });
            if (part.made() > madeBefore && checked < CHECKS) {
              checked += 1;
              if (decoded(pieces, Buffer.from(token)) !== unix(seen(language, mail.mail(), subject)))
                throw new Error('put together it is not what the template writes');
            }
            return pieces;
          } catch (error) {
            // A mail that cannot be rendered whole either fails with the reason that matters.
            const pieces = [whole(mail, said)];
            isSeenThrough = false;
            log.warn(
              { issueId: issue.issueId, error: (error as Error).message },
              `the issue's ${what} template cannot be put together from pieces: every mail is rendered whole, which is slower`,
            );
            return pieces;
          }
        };
      };

      const html: RenderPart = (language, data, subject) => parts.html('issue', language, data, subject);
      const htmlPieces = assembler('HTML', { render: html, seen: html, form: HTML_FORM });
      const text: RenderPart = (language, data, subject) =>
        parts.unwrappedText('issue', language, data, subject);
      const seenText: RenderPart = (...of) => wrapText(text(...of));
      const textPieces = assembler('text', { render: text, seen: seenText, form: TEXT_FORM });

      return async (order: IssueMailToWrite): Promise<WireMail> => {
        const { language, deliveryId } = order;
        const mail = mailOf(order);
        const subject = subjectOf(mail, language);
        const token = tokenOf(links.unsubscribeFrom(issue.issueId, deliveryId));
        const said = { language, subject, token };
        const htmlPart = htmlPieces(order, mail, said);
        const textPart = textPieces(order, mail, said);
        const head = [
          from,
          field('To', mailbox(order.subscriber.name, order.address)),
          subjectField(subject),
          field('Date', mailDate(order.now)),
          field('Message-ID', order.messageId),
          sharedFields(language).replaceAll(TOKEN_MARK, token),
          '',
        ].join('\r\n');
        const length = ROOM_FOR_SIGNATURES + head.length + mostLength(textPart) + mostLength(htmlPart) + 1000;
        const { buffer, release } = buffers.take(length);
        try {
          const tokenBytes = Buffer.from(token);
          let start = ROOM_FOR_SIGNATURES;
          let end = start + buffer.write(`${head}\r\n`, start, 'latin1');
          const bodyStart = end;
          end += buffer.write(TEXT_START, end, 'latin1');
          end = writeSegments(textPart, tokenBytes, buffer, end);
          end += buffer.write(HTML_START, end, 'latin1');
          end = writeSegments(htmlPart, tokenBytes, buffer, end);
          end += buffer.write(END, end, 'latin1');
          if (signer) {
            const signatures = await signer.sign(head, buffer.subarray(bodyStart, end), order.now, true);
            start -= signatures.length;
            if (start < 0) throw new Error('there are more DKIM keys than a mail has room for signatures');
            buffer.write(signatures, start, 'latin1');
          }
          const returnPath =
            returnPathDomain === null
              ? programme.brand.from.address
              : makeReturnPath(secrets, { kind: 'delivery', id: deliveryId }, returnPathDomain);
          return { from: returnPath, to: order.address, buffer, start, end, release };
        } catch (error) {
          release();
          throw error;
        }
      };
    },
  };
}

/** What is this mail's own and stands in both its parts. */
interface Said {
  language: string;
  subject: string;
  token: string;
}

/** The text that mail programs make of the pieces. */
function decoded(pieces: readonly TemplateWithSlots[], token: Buffer): string {
  const encoded = Buffer.alloc(mostLength(pieces));
  const bytes = encoded
    .toString('latin1', 0, writeSegments(pieces, token, encoded, 0))
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return unix(Buffer.from(bytes, 'latin1').toString());
}

function unix(text: string): string {
  return text.replace(/\r\n/g, '\n');
}

/** All addresses of a mail share it. */
function tokenOf(unsubscribeUrl: string): string {
  return unsubscribeUrl.slice(unsubscribeUrl.lastIndexOf('/') + 1);
}

const MOST_REMEMBERED = 5_000;

function remembered(make: (key: string) => string): (key: string) => string {
  const known = new Map<string, string>();
  return (key) => {
    let found = known.get(key);
    if (found === undefined) {
      found = make(key);
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(key, found);
    }
    return found;
  };
}
