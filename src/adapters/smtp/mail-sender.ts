import { tidyReply } from '../../domain/returns/smtp-reply.ts';
import type { MailSender, OutgoingMail, SendResult } from '../../journey/delivery/ports/deliveries.ts';
import type { MailSigner, WireMail, WireMailSender } from '../../journey/delivery/ports/wire.ts';
import { type OpenConnection, openConnection, SmtpFault } from './connection.ts';
import { connectionPool } from './connection-pool.ts';
import { buildMessage, type Sender } from './message.ts';
import { outcomeOf } from './outcome.ts';
import { readSmtpUrl } from './server-url.ts';
import { makeSlots } from './slots.ts';

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
  /** Signs the one-off mails; those of issues come signed. */
  signer?: MailSigner | null;
  limits?: Partial<SmtpLimits>;
}

/**
 * Sends over a few connections that stay open: mails of issues, which are written already, two under way on each
 * (lanes.ts), one-off mails one at a time. nodemailer's own pool is not used: when a connection breaks it queues
 * the mail again, also when the server may have taken it already. Throws only for a URL that is wrong.
 */
export function smtpMailSender(options: SmtpSenderOptions): MailSender & WireMailSender {
  const server = readSmtpUrl(options.url, options.production);
  const limits = { ...LIMITS, ...options.limits };
  const talk = {
    connectionTimeout: limits.connectMs,
    dnsTimeout: limits.connectMs,
    greetingTimeout: limits.greetingMs,
    socketTimeout: limits.silenceMs,
  };
  const idle: OpenConnection[] = [];
  const slots = makeSlots(server.connections);
  const open = () => openConnection(server, talk);
  const lanes = connectionPool({
    slots,
    open: () => {
      // What idles here counts at the server too.
      idle.pop()?.quit();
      return open();
    },
    silenceMs: limits.silenceMs,
    mailsPerConnection: MAILS_PER_CONNECTION,
  });
  let closing = false;

  const takeSlot = () => {
    const taken = slots.take();
    lanes.makeWay();
    return taken;
  };

  /** An open connection from before, or a new one. */
  const connect = async () => {
    for (let open = idle.pop(); open; open = idle.pop()) if (open.isOpen()) return open;
    return open();
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
      return sendOver(await open(), to, message, handingOver);
    }
  };

  return {
    connections: server.connections,

    async send(mail: OutgoingMail, handingOver): Promise<SendResult> {
      await takeSlot();
      try {
        if (closing) return { status: 'retry', reply: 'the mail sender is closed', unreachable: true };
        const message = await signed(await buildMessage(mail, options.from), options.signer ?? null);
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
        slots.free();
        lanes.goOn();
      }
    },

    sendWire(mail: WireMail, mayGo): Promise<SendResult> {
      if (!closing) return lanes.send(mail, mayGo);
      mail.release();
      return Promise.resolve({ status: 'retry', reply: 'the mail sender is closed', unreachable: true });
    },

    async close() {
      closing = true;
      await lanes.close();
      while (slots.inUse() > 0) await new Promise((resolve) => setTimeout(resolve, 20));
      for (const connection of idle.splice(0)) connection.quit();
    },
  };
}

async function signed(message: Buffer, signer: MailSigner | null): Promise<Buffer> {
  if (!signer) return message;
  const end = message.indexOf('\r\n\r\n');
  const [head, body] = [message.subarray(0, end + 2), message.subarray(end + 4)];
  const signatures = await signer.sign(head.toString('latin1'), body, dateOf(head), false);
  return Buffer.concat([Buffer.from(signatures, 'latin1'), message]);
}

/** The time in a mail's own Date field: a signature must not be younger or older than its mail. */
function dateOf(head: Buffer): Date {
  return new Date(/^Date: (.*)$/im.exec(head.toString('latin1'))![1]!);
}
