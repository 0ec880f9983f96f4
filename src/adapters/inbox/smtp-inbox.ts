import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { InboxStore } from '../../journey/delivery/ports/inbox.ts';
import type { Log } from '../../journey/ports.ts';

export interface SmtpInbox {
  /** What SMTP_URL would say: "smtp://127.0.0.1:41025". */
  url: string;
  close(): Promise<void>;
}

const LARGEST_MAIL = 25 * 1024 * 1024;

/**
 * A mail server on loopback that keeps every mail instead of passing it on: nothing of a try-out leaves the machine.
 * A mail is stored before it is acknowledged, as a real server must. `port` 0 takes any free one.
 */
export async function startSmtpInbox(
  deps: { inbox: InboxStore; log: Log; now: () => Date },
  port = 0,
): Promise<SmtpInbox> {
  const server = new SMTPServer({
    banner: 'Simmer inbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: LARGEST_MAIL,
    closeTimeout: 5_000,
    onData(stream, session, answer) {
      keep(stream, session, deps).then(
        () => answer(null, 'kept in /inbox'),
        (error: Error) => {
          deps.log.warn({ error: error.message }, 'the inbox could not keep a mail');
          answer(Object.assign(new Error(error.message), { responseCode: stream.sizeExceeded ? 552 : 451 }));
        },
      );
    },
  });
  // A client that breaks off is no fault of the inbox.
  server.on('error', (error) => deps.log.debug({ error: error.message }, 'a connection to the inbox broke'));
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.server.off('error', failed);
      listening();
    });
  });
  const { port: taken } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${taken}`,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

async function keep(
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  { inbox, now }: { inbox: InboxStore; now: () => Date },
): Promise<void> {
  const parts: Buffer[] = [];
  // Read to the end even when it is too large: the client listens only after its final dot.
  for await (const part of stream) if (!stream.sizeExceeded) parts.push(part as Buffer);
  if (stream.sizeExceeded) throw new Error(`the mail is larger than ${LARGEST_MAIL} bytes`);
  const raw = Buffer.concat(parts);
  const { mailFrom, rcptTo } = session.envelope;
  await inbox.add({
    receivedAt: now(),
    mailFrom: mailFrom ? mailFrom.address : '',
    rcptTo: rcptTo.map(({ address }) => address.toLowerCase()),
    subject: await subjectOf(raw),
    raw,
  });
}

async function subjectOf(raw: Buffer): Promise<string> {
  // The header block is enough, and a large body need not be decoded.
  const end = raw.indexOf('\r\n\r\n');
  const header = end < 0 ? raw : raw.subarray(0, end + 4);
  try {
    // Postgres text takes no NUL.
    return ((await PostalMime.parse(header)).subject ?? '').replaceAll('\0', '');
  } catch {
    return '';
  }
}
