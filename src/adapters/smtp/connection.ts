import { Readable } from 'node:stream';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { SmtpServer } from './server-url.ts';

/** What went wrong, and how far the mail had come by then. */
export class SmtpFault extends Error {
  /** The server's reply with its code; null when there was none. */
  readonly reply: string | null;
  /** Opening the connection, or one mail on it. */
  readonly during: 'opening' | 'mail';
  /** The SMTP command it happened at, as far as nodemailer knows: CONN, AUTH …, MAIL FROM, RCPT TO, DATA. */
  readonly command: string;
  /** The whole mail had been given to the connection: without a reply nobody knows whether it was taken. */
  readonly handedOver: boolean;
  /** The connection is gone, not just this mail refused. */
  readonly connectionLost: boolean;

  constructor(
    error: NodemailerFault,
    during: 'opening' | 'mail',
    { handedOver, connectionLost }: { handedOver: boolean; connectionLost: boolean },
  ) {
    super(error.message);
    this.during = during;
    this.reply = error.responseCode ? (error.response ?? String(error.responseCode)) : null;
    this.command = error.command ?? 'CONN';
    this.handedOver = handedOver;
    this.connectionLost = connectionLost;
  }
}

type NodemailerFault = Error & { responseCode?: number; response?: string; command?: string };

const CHUNK = 16 * 1024;

/** One open, authenticated connection. It sends one mail at a time. Every promise is rejected with an SmtpFault. */
export interface OpenConnection {
  /** The server's reply to the whole mail. After a refusal the connection is ready for the next mail, unless lost. */
  send(from: string, to: string, message: Buffer): Promise<string>;
  isOpen(): boolean;
  /** How many mails it has been asked to send. */
  mails(): number;
  quit(): void;
}

/** Connects, secures and authenticates by what `server` says; nodemailer does the talking. */
export async function openConnection(
  server: SmtpServer,
  limits: SMTPConnectionOptions,
): Promise<OpenConnection> {
  const connection = new SMTPConnection({ ...server.options, ...limits });
  let lose: (error: NodemailerFault) => void = () => {};
  let open = true;
  let mails = 0;
  // nodemailer tells of a lost connection by 'error' and always by 'end'; an 'error' without a listener ends the process.
  connection.on('error', (error: NodemailerFault) => lose(error));
  connection.on('end', () => {
    open = false;
    // Where nodemailer has more to say (the reply it closed the connection for), it says so right after this.
    const loseStep = lose;
    setImmediate(() => loseStep(new Error('the connection was closed')));
  });

  /** Runs one step of the talk; a lost connection ends it too, in whatever order nodemailer reports that. */
  const step = <T>(begin: (done: (error: Error | null | undefined, value?: T) => void) => void): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      lose = reject;
      begin((error, value) => (error ? reject(error) : resolve(value as T)));
    }).finally(() => {
      lose = () => {};
    });

  try {
    await step<void>((done) => connection.connect(done));
    if (server.auth) await step<boolean>((done) => connection.login({ ...server.auth }, done));
  } catch (error) {
    connection.close();
    throw new SmtpFault(error as NodemailerFault, 'opening', { handedOver: false, connectionLost: true });
  }

  return {
    isOpen: () => open,
    mails: () => mails,
    quit: () => {
      if (open) connection.quit();
    },
    async send(from, to, message) {
      mails += 1;
      const body = inChunks(message);
      let handedOver = false;
      body.once('end', () => {
        handedOver = true;
      });
      try {
        const info = await step<{ response: string }>((done) =>
          connection.send({ from, to, size: message.length }, body, done),
        );
        return info.response;
      } catch (error) {
        const fault = error as NodemailerFault;
        const lost = !open;
        if (!lost) await step<boolean>((done) => connection.reset(done)).catch(() => connection.close());
        throw new SmtpFault(fault, 'mail', { handedOver, connectionLost: lost });
      }
    },
  };
}

/** In small pieces, so that "all was read" comes no earlier than it must. */
function inChunks(message: Buffer): Readable {
  let at = 0;
  return new Readable({
    highWaterMark: CHUNK,
    read() {
      this.push(at < message.length ? message.subarray(at, at + CHUNK) : null);
      at += CHUNK;
    },
  });
}
