import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

export interface ReceivedMail {
  from: string;
  to: string;
  raw: string;
}

/** How the server treats a recipient, once or (`always`) each time. */
export type Behaviour =
  /** A reply to RCPT TO or to the whole mail: "550 5.1.1 no such user". 421 also closes the connection. */
  | { at: 'rcpt' | 'data'; reply: string }
  /** Says nothing any more. */
  | { at: 'rcpt' | 'data'; hang: true }
  /** Breaks the connection in the middle of the mail. */
  | { close: 'before-dot' }
  /** Has the whole mail, keeps it or not, and breaks the connection without a word. */
  | { close: 'after-dot'; keep: boolean };

export interface TestSmtpServer {
  url: string;
  port: number;
  /** Every mail that was accepted, or kept before the connection broke. */
  mails: ReceivedMail[];
  mailsTo(address: string): ReceivedMail[];
  /** What happens to mails to this address: the given ways, one per try, then all is well. */
  behave(address: string, ...ways: Behaviour[]): void;
  /** What happens to every address that has no way of its own, until changed. */
  behaveToAll(way: Behaviour | ((address: string) => Behaviour | null) | null): void;
  /** Connections opened so far, and open now. */
  connections: { opened: number; open: () => number };
  close(): Promise<void>;
}

export interface TestSmtpOptions {
  /** Milliseconds before each mail is answered. */
  latencyMs?: number;
  server?: SMTPServerOptions;
  port?: number;
}

/** A real SMTP server on loopback that captures mails and misbehaves as told. */
export async function startSmtpServer({
  latencyMs = 0,
  server: serverOptions = {},
  port = 0,
}: TestSmtpOptions = {}): Promise<TestSmtpServer> {
  const mails: ReceivedMail[] = [];
  const ways = new Map<string, Behaviour[]>();
  const current = new Map<string, Behaviour | null>();
  let toAll: Behaviour | ((address: string) => Behaviour | null) | null = null;
  let opened = 0;

  const refusal = (reply: string) => {
    const [, code, text] = /^(\d{3}) (.*)$/.exec(reply)!;
    return Object.assign(new Error(text), { responseCode: Number(code) });
  };
  const socketOf = (session: SMTPServerSession) =>
    [...server.connections].find(({ id }) => id === session.id) as unknown as {
      _socket: { destroy(): void; end(): void };
    };
  const breakOff = (session: SMTPServerSession) => socketOf(session)?._socket.destroy();
  const answer = (way: { reply: string }, session: SMTPServerSession, done: (error: Error) => void) => {
    done(refusal(way.reply));
    if (way.reply.startsWith('421')) setImmediate(() => socketOf(session)?._socket.end());
  };

  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    closeTimeout: 200,
    onConnect(_session, done) {
      opened += 1;
      done();
    },
    onRcptTo({ address }, session, done) {
      const way = ways.get(address)?.shift() ?? (typeof toAll === 'function' ? toAll(address) : toAll);
      current.set(session.id, way);
      if (way && 'reply' in way && way.at === 'rcpt') return answer(way, session, done);
      if (way && 'hang' in way && way.at === 'rcpt') return;
      done();
    },
    onData(stream, session, done) {
      const way = current.get(session.id) ?? null;
      if (way && 'close' in way && way.close === 'before-dot') {
        stream.once('data', () => breakOff(session));
        return;
      }
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.once('end', () => {
        const keep = () => {
          const from = session.envelope.mailFrom ? session.envelope.mailFrom.address : '';
          const raw = Buffer.concat(parts).toString('latin1');
          for (const { address } of session.envelope.rcptTo) mails.push({ from, to: address, raw });
        };
        if (way && 'close' in way) {
          if (way.close === 'after-dot' && way.keep) keep();
          return breakOff(session);
        }
        if (way && 'reply' in way && way.at === 'data') return answer(way, session, done);
        if (way && 'hang' in way) return;
        setTimeout(() => {
          keep();
          done();
        }, latencyMs);
      });
    },
    ...serverOptions,
  });
  server.on('error', () => {});
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const taken = (server.server.address() as AddressInfo).port;
  return {
    url: `smtp://127.0.0.1:${taken}`,
    port: taken,
    mails,
    mailsTo: (address) => mails.filter(({ to }) => to === address),
    behave: (address, ...list) => ways.set(address, list),
    behaveToAll: (way) => {
      toAll = way;
    },
    connections: {
      get opened() {
        return opened;
      },
      open: () => server.connections.size,
    },
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}
