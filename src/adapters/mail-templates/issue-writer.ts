import { field, freeText, mailbox, mailDate } from '../../domain/delivery/header-text.ts';
import { issueHeaders } from '../../domain/delivery/headers.ts';
import {
  cardAddresses,
  type IssueReader,
  issueMails,
  type WrittenIssueMail,
} from '../../domain/delivery/issue-mail.ts';
import {
  mostBytes,
  quotedPrintablePiece,
  writeQuotedPrintable,
} from '../../domain/delivery/quoted-printable.ts';
import { makeReturnPath } from '../../domain/delivery/return-path.ts';
import { type Links, linksWith } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import type {
  IssueMailToWrite,
  IssueMailWriter,
  IssueToWrite,
  MailSigner,
  WireMail,
} from '../../journey/delivery/wire-ports.ts';
import type { Log } from '../../journey/ports.ts';
import { issuePart, type RenderPart } from './issue-part.ts';
import { type Encode, TOKEN_MARK } from './pieces.ts';
import type { MailParts } from './renderer.ts';
import { wireBuffers } from './wire-buffers.ts';
import { wrapText } from './wrap-text.ts';

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
 * Writes the mails of issues as bytes for the wire. The HTML is put together from pieces that are encoded once
 * (issue-part.ts); headers and text, which are short and differ everywhere, are written for each mail.
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
        const headers = issueHeaders({ programme, digest, links: markedLinks, ...ids, language });
        return [
          field('Content-Language', language),
          ...Object.entries(headers).map(([name, value]) => field(name, value)),
          'MIME-Version: 1.0',
          `Content-Type: multipart/alternative; boundary="${BOUNDARY}"`,
        ].join('\r\n');
      });
      const subjectField = remembered((subject: string) => field('Subject', freeText(subject)));

      /**
       * Puts a part of each mail together from pieces; `read` makes text of them again. New ones are compared with the part
       * rendered whole. Null where that cannot be done.
       */
      const assembler = (what: string, render: RenderPart, encode: Encode, read: ReadPieces) => {
        const part = issuePart(render, encode);
        let isSeenThrough = true;
        let checked = 0;
        return (reader: IssueReader, mail: WrittenIssueMail, language: string, subject: string) => {
          // Plain links differ from reader to reader, so such a mail has no pieces in common with others.
          if (!isSeenThrough || reader.subscriber.tracking === false) return null;
          const pieces: Uint8Array[] = [];
          const madeBefore = part.made();
          try {
            part.write(
              {
                ...mail,
                language,
                readerLanguage: reader.subscriber.language,
                subject,
                token: tokenOf(mail.mail),
                marked: () => marked(reader).mail,
                markedAddresses: (number) =>
                  cardAddresses(markedLinks, issue.issueId, reader.deliveryId, number),
              },
              pieces,
            );
            if (part.made() > madeBefore && checked < CHECKS) {
              checked += 1;
              if (unix(read(pieces)) !== unix(render(language, mail.mail, subject)))
                throw new Error('put together it is not what the template writes');
            }
            return pieces;
          } catch (error) {
            // A mail that cannot be rendered whole either fails with the reason that matters.
            render(language, mail.mail, subject);
            isSeenThrough = false;
            log.warn(
              { issueId: issue.issueId, error: (error as Error).message },
              `the issue's ${what} template cannot be put together from pieces: every mail is rendered whole, which is slower`,
            );
            return null;
          }
        };
      };

      const renderHtml: RenderPart = (language, data, subject) =>
        parts.html('issue', language, data, subject);
      const htmlPieces = assembler('HTML', renderHtml, quotedPrintablePiece, decoded);
      const renderText: RenderPart = (language, data, subject) =>
        parts.unwrappedText('issue', language, data, subject);
      // Encoded only when it is whole: where its lines break depends on what stands in them.
      const textPieces = assembler('text', renderText, (text) => Buffer.from(text), joined);

      return async (order: IssueMailToWrite): Promise<WireMail> => {
        const { language, deliveryId } = order;
        const mail = mailOf(order);
        const subject = parts.subject('issue', language, mail.mail);
        const pieces = htmlPieces(order, mail, language, subject) ?? [
          quotedPrintablePiece(renderHtml(language, mail.mail, subject)),
        ];
        const written = textPieces(order, mail, language, subject);
        const text = Buffer.from(
          wrapText(written === null ? renderText(language, mail.mail, subject) : joined(written)),
        );
        const head = [
          from,
          field('To', mailbox(order.subscriber.name, order.address)),
          subjectField(subject),
          field('Date', mailDate(order.now)),
          field('Message-ID', order.messageId),
          sharedFields(language).replace(TOKEN_MARK, () => tokenOf(mail.mail)),
          '',
        ].join('\r\n');
        let length = ROOM_FOR_SIGNATURES + head.length + mostBytes(text.length) + 1000;
        for (const piece of pieces) length += piece.length;
        const { buffer, release } = buffers.take(length);
        try {
          let start = ROOM_FOR_SIGNATURES;
          let end = start + buffer.write(`${head}\r\n`, start, 'latin1');
          const bodyStart = end;
          end += buffer.write(TEXT_START, end, 'latin1');
          end = writeQuotedPrintable(text, buffer, end);
          end += buffer.write(HTML_START, end, 'latin1');
          for (const piece of pieces) {
            buffer.set(piece, end);
            end += piece.length;
          }
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

type ReadPieces = (pieces: readonly Uint8Array[]) => string;

function joined(pieces: readonly Uint8Array[]): string {
  return Buffer.concat(pieces).toString();
}

function decoded(pieces: readonly Uint8Array[]): string {
  const text = Buffer.concat(pieces).toString('latin1').replace(/=\r\n/g, '');
  const bytes = text.replace(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return unix(Buffer.from(bytes, 'latin1').toString());
}

function unix(text: string): string {
  return text.replace(/\r\n/g, '\n');
}

/** All addresses of a mail share it. */
function tokenOf({ unsubscribeUrl }: WrittenIssueMail['mail']): string {
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
