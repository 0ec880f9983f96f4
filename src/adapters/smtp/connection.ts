import { Socket } from 'node:net';
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
  /** It was broken off here, before the mail's text. */
  readonly isWithheld: boolean;

  constructor(
    error: NodemailerFault,
    during: 'opening' | 'mail',
    {
      handedOver,
      connectionLost,
      isWithheld = false,
    }: { handedOver: boolean; connectionLost: boolean; isWithheld?: boolean },
  ) {
    super(error.message);
    this.during = during;
    this.reply = error.responseCode ? (error.response ?? String(error.responseCode)) : null;
    this.command = error.command ?? 'CONN';
    this.handedOver = handedOver;
    this.connectionLost = connectionLost;
    this.isWithheld = isWithheld;
  }
}

type NodemailerFault = Error & { responseCode?: number; response?: string; command?: string };

const CHUNK = 16 * 1024;

/** One open, authenticated connection. It sends one mail at a time. Every promise is rejected with an SmtpFault. */
export interface OpenConnection {
  /**
   * The server's reply to the whole mail. After a refusal the connection is ready for the next mail, unless lost.
   * `handingOver` is awaited before the mail's end is sent; when it rejects, the connection is cut before that end.
   */
  send(from: string, to: string, message: Buffer, handingOver?: () => Promise<void>): Promise<string>;
  isOpen(): boolean;
  /** How many mails it has been asked to send. */
  mails(): number;
  quit(): void;
  /**
   * Hands the connected, secured, authenticated socket over, with no listener of ours left on it; this object is done
   * with then. Null when the server does not offer PIPELINING: `send` is the way to talk to it.
   */
  takeOver(): { socket: Socket; hasSize: boolean } | null;
}

/** What nodemailer keeps to itself and a takeover needs; any of it may be missing in another version. */
interface Inside {
  _socket?: unknown;
  _supportedExtensions?: string[];
  [listener: `_on${string}`]: unknown;
}

const LISTENERS = {
  data: ['_onSocketData'],
  error: ['_onSocketError', '_onConnectionSocketError'],
  close: ['_onSocketClose'],
  end: ['_onSocketEnd'],
  timeout: ['_onSocketTimeout'],
} as const;

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
    takeOver() {
      const inside = connection as unknown as Inside;
      const { _socket: socket, _supportedExtensions: offered } = inside;
      if (!open || !(socket instanceof Socket) || !offered?.includes('PIPELINING')) return null;
      for (const [event, names] of Object.entries(LISTENERS)) {
        for (const name of names) {
          const listener = inside[name];
          if (typeof listener === 'function') socket.removeListener(event, listener as () => void);
        }
      }
      if (socket.listenerCount('data') > 0) {
        connection.close();
        throw new Error('this version of nodemailer does not let go of its socket');
      }
      open = false;
      return { socket, hasSize: offered.includes('SIZE') };
    },
    async send(from, to, message, handingOver) {
      mails += 1;
      const body = inChunks(message, async () => {
        await handingOver?.();
      });
      body.once('error', () => connection.close());
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

/** In small pieces, so that "all was read" comes no earlier than it must: after `beforeEnd`, which can prevent it. */
function inChunks(message: Buffer, beforeEnd: () => Promise<void>): Readable {
  let at = 0;
  return new Readable({
    highWaterMark: CHUNK,
    read() {
      if (at >= message.length) {
        beforeEnd().then(
          () => this.push(null),
          (error: Error) => this.destroy(error),
        );
        return;
      }
      this.push(message.subarray(at, at + CHUNK));
      at += CHUNK;
    },
  });
}
