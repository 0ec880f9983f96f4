import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { readReturnPath } from '../../domain/delivery/return-path.ts';
import { isComplaintAddress, readUnsubscribeAddress } from '../../domain/delivery/unsubscribe-address.ts';
import { readToken } from '../../domain/tokens.ts';
import type { ReturnStore } from '../../journey/delivery/return-ports.ts';
import type { Log } from '../../journey/ports.ts';

export interface ReturnListener {
  port: number;
  close(): Promise<void>;
}

export interface ReturnListenerDeps {
  returns: Pick<ReturnStore, 'keep'>;
  secrets: readonly string[];
  /** What return paths end in. */
  domain: string;
  log: Log;
  now: () => Date;
}

/** Reports return our own mail, which is far smaller. */
const LARGEST_MAIL = 10 * 1024 * 1024;
const MOST_CONNECTIONS = 200;
/** One report is about one mail; forwarders may put some together. */
const MOST_RECIPIENTS = 20;

/**
 * Listens for what comes back: bounces to return paths, mails that unsubscribe, complaints. Only addresses that we have
 * made are taken; made-up ones are refused (550). A mail is kept in Postgres before it is acknowledged; without
 * Postgres the answer is 451, and the other server tries again.
 */
export async function startReturnListener(
  deps: ReturnListenerDeps,
  { host, port }: { host: string; port: number },
): Promise<ReturnListener> {
  const { log } = deps;
  const server = new SMTPServer({
    name: deps.domain,
    banner: 'Simmer takes back what could not be delivered',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    authOptional: true,
    size: LARGEST_MAIL,
    maxClients: MOST_CONNECTIONS,
    socketTimeout: 60_000,
    closeTimeout: 5_000,
    onRcptTo({ address }, session, answer) {
      if (session.envelope.rcptTo.length >= MOST_RECIPIENTS)
        return answer(refusal(452, '4.5.3 too many recipients'));
      if (!isOurs(address, deps)) return answer(refusal(550, '5.1.1 no such address here'));
      answer();
    },
    onData(stream, session, answer) {
      const addresses = session.envelope.rcptTo.map(({ address }) => address);
      keep(stream, addresses, deps).then(
        () => answer(null, 'kept'),
        (error: Error) => {
          log.warn({ error: error.message }, 'a returned mail could not be kept; its server tries again');
          answer(stream.sizeExceeded ? refusal(552, '5.3.4 too large') : refusal(451, '4.3.0 not now'));
        },
      );
    },
  });
  server.on('error', (error) => log.debug({ error: error.message }, 'a connection to the return path broke'));
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed);
    server.listen(port, host, () => {
      server.server.off('error', failed);
      listening();
    });
  });
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

function isOurs(address: string, { secrets, domain }: ReturnListenerDeps): boolean {
  if (readReturnPath(secrets, address, domain) !== null) return true;
  if (isComplaintAddress(address, domain)) return true;
  const isHere = address.toLowerCase().endsWith(`@${domain.toLowerCase()}`);
  const token = isHere ? readUnsubscribeAddress(address) : null;
  return token !== null && readToken(secrets, token) !== null;
}

async function keep(
  stream: SMTPServerDataStream,
  addresses: string[],
  { returns, now }: ReturnListenerDeps,
): Promise<void> {
  const parts: Buffer[] = [];
  // Read to the end even when it is too large: the client listens only after its final dot.
  for await (const part of stream) if (!stream.sizeExceeded) parts.push(part as Buffer);
  if (stream.sizeExceeded) throw new Error(`the mail is larger than ${LARGEST_MAIL} bytes`);
  const raw = Buffer.concat(parts);
  const receivedAt = now();
  for (const returnPath of addresses) await returns.keep({ receivedAt, source: 'smtp', returnPath, raw });
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
