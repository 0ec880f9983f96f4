import { tidyReply } from '../../domain/delivery/smtp-reply.ts';
import type { MailSender, OutgoingMail, SendResult } from '../../journey/delivery/ports.ts';
import { type OpenConnection, openConnection, SmtpFault } from './connection.ts';
import { buildMessage, type Sender } from './message.ts';
import { outcomeOf } from './outcome.ts';
import { readSmtpUrl } from './server-url.ts';

export interface SmtpLimits {
  /** How long connecting, TLS included, may take. */
  connectMs: number;
  /** How long the server may wait with its greeting. */
  greetingMs: number;
  /** How long the server may be silent at any other point, the answer to a whole mail included. */
  silenceMs: number;
}

const LIMITS: SmtpLimits = { connectMs: 30_000, greetingMs: 30_000, silenceMs: 5 * 60_000 };

/** Many servers end a session after some hundred mails; a fresh connection now and then is cheaper than finding out. */
const MAILS_PER_CONNECTION = 200;

export interface SmtpSenderOptions {
  url: string;
  production: boolean;
  from: Sender;
  limits?: Partial<SmtpLimits>;
}

/**
 * Sends over a few connections that stay open. nodemailer's own pool is not used: when a connection breaks it queues
 * the mail again, also when the server may have taken it already. Throws only for a URL that is wrong.
 */
export function smtpMailSender(options: SmtpSenderOptions): MailSender {
  const server = readSmtpUrl(options.url, options.production);
  const limits = { ...LIMITS, ...options.limits };
  const talk = {
    connectionTimeout: limits.connectMs,
    dnsTimeout: limits.connectMs,
    greetingTimeout: limits.greetingMs,
    socketTimeout: limits.silenceMs,
  };
  const idle: OpenConnection[] = [];
  const waiting: (() => void)[] = [];
  let busy = 0;
  let closing = false;

  const takeSlot = async () => {
    if (busy < server.connections) busy += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const freeSlot = () => {
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  };

  /** An open connection from before, or a new one. */
  const connect = async () => {
    for (let open = idle.pop(); open; open = idle.pop()) if (open.isOpen()) return open;
    return openConnection(server, talk);
  };
  const putBack = (connection: OpenConnection) => {
    if (!connection.isOpen()) return;
    if (closing || connection.mails() >= MAILS_PER_CONNECTION) connection.quit();
    else idle.push(connection);
  };

  type HandingOver = (() => Promise<void>) | undefined;
  const sendOver = async (
    connection: OpenConnection,
    to: string,
    message: Buffer,
    handingOver: HandingOver,
  ): Promise<string> => {
    try {
      return await connection.send(options.from.address, to, message, handingOver);
    } finally {
      putBack(connection);
    }
  };

  const sendOnce = async (to: string, message: Buffer, handingOver: HandingOver): Promise<string> => {
    const connection = await connect();
    const wasUsed = connection.mails() > 0;
    try {
      return await sendOver(connection, to, message, handingOver);
    } catch (error) {
      // Servers close connections that were idle; the mail never got onto this one, so a new one may have it.
      const stale = error instanceof SmtpFault && error.connectionLost && !error.handedOver;
      if (!wasUsed || !stale) throw error;
      return sendOver(await openConnection(server, talk), to, message, handingOver);
    }
  };

  return {
    connections: server.connections,

    async send(mail: OutgoingMail, handingOver): Promise<SendResult> {
      await takeSlot();
      try {
        if (closing) return { status: 'retry', reply: 'the mail sender is closed', unreachable: true };
        const message = await buildMessage(mail, options.from);
        return { status: 'sent', reply: tidyReply(await sendOnce(mail.to.address, message, handingOver)) };
      } catch (error) {
        if (error instanceof SmtpFault) return outcomeOf(error);
        // A mail that cannot be put together will not get better by waiting.
        return {
          status: 'failed',
          reply: tidyReply(`the mail could not be built: ${String(error)}`),
          badAddress: false,
        };
      } finally {
        freeSlot();
      }
    },

    async close() {
      closing = true;
      while (busy > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      for (const connection of idle.splice(0)) connection.quit();
    },
  };
}
