import type { Article } from '../../../domain/content/article.ts';
import type { IssueReader } from '../../../domain/mail/issue-mail.ts';
import type { IssueLink, SendResult } from './deliveries.ts';

/**
 * A whole mail as it goes on the wire: `buffer` from `start` to `end`. It ends with a line end, and no line begins with
 * a dot. Behind `end` at least WIRE_ROOM bytes are the sender's to use.
 */
export interface WireMail {
  /** The envelope's sender and recipient. */
  from: string;
  to: string;
  buffer: Buffer;
  start: number;
  end: number;
  /** Gives the buffer back, for the next mail. */
  release(): void;
}

/** What the mails of an issue have in common. */
export interface IssueToWrite {
  issueId: number;
  digestId: string;
  articles: readonly Article[];
  issueLinks: readonly IssueLink[];
}

export interface IssueMailToWrite extends IssueReader {
  /** Of the programme's languages. */
  language: string;
  address: string;
  messageId: string;
}

/** Writes the mails of issues. What many readers get alike is encoded once, so prepare an issue once. */
export interface IssueMailWriter {
  /** The result throws when the mail cannot be written. */
  prepare(issue: IssueToWrite): (mail: IssueMailToWrite) => Promise<WireMail>;
}

/** Sends mails that are written already. Never throws; releases each mail when its buffer is free. */
export interface WireMailSender {
  /**
   * `mayGo` is asked right before the mail's text is written. When it says no, nothing of it is, and the result is `retry`,
   * `isWithheld`: a process that was stopped in between must not send what others have taken over.
   */
  sendWire(mail: WireMail, mayGo?: () => boolean): Promise<SendResult>;
  /** Mails that can be on the wire at once. */
  readonly connections: number;
}

/** Gives the DKIM-Signature fields for a mail, each with its line end; empty when there is no key for its domain. */
export interface MailSigner {
  /** `head` with its CRLFs, without the empty line. `isRelaxed`: the body is its own relaxed form (RFC 6376 3.4.4). */
  sign(head: string, body: Uint8Array, at: Date, isRelaxed: boolean): string | Promise<string>;
}
