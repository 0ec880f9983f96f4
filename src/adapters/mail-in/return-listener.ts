import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { isComplaintAddress, readUnsubscribeAddress } from '../../domain/mail/unsubscribe-address.ts';
import { readReturnPath } from '../../domain/returns/return-path.ts';
import { readToken } from '../../domain/tokens.ts';
import type { Log } from '../../journey/ports.ts';
import type { ReturnStore } from '../../journey/returns/ports/returns.ts';
import { type CertificateFiles, readCertificate, watchCertificate } from './certificate.ts';
import { type HourlyCounts, type HourlyLimits, hourlyCounts } from './hourly-counts.ts';

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
/** Of which is kept: a report, and the headers of the mail it returns, stand at the beginning. */
const KEPT_BYTES = 256 * 1024;
/** What the smallest mail costs: its row. */
const LEAST_BYTES = 4 * 1024;
/** One report is about one mail; forwarders may put some together. */
const MOST_RECIPIENTS = 20;

/** What whoever finds the port can take of this process; by the hour: then the answer is 452, and servers come again for days. */
export interface ListenerLimits extends HourlyLimits {
  connections: number;
  /** Of those, from one address; a relay that passes the domain on has one. */
  connectionsOfOne: number;
  /** All mails that are just being received, together. Above it the answer is 451. */
  bytes: number;
  /** How long a connection may say nothing. */
  silenceMs: number;
  /** How long it may last, whatever it says: who sends a byte a second is cut too. */
  longestMs: number;
}

const LIMITS: ListenerLimits = {
  connections: 200,
  connectionsOfOne: 50,
  bytes: 64 * 1024 * 1024,
  bytesAnHour: 256 * 1024 * 1024,
  mailsAnHourToOne: 20,
  silenceMs: 60_000,
  longestMs: 600_000,
};

/** Where to listen, and with which certificate STARTTLS is offered; without one it is not. */
export interface ListenerPlace {
  host: string;
  port: number;
  tls?: CertificateFiles | null;
}

/**
 * Listens for what comes back: bounces to return paths, mails that unsubscribe, complaints. Only addresses that we have
 * made are taken; made-up ones are refused (550). A mail is kept in Postgres before it is acknowledged; without
 * Postgres the answer is 451, and the other server tries again. What one sender or all of them can take is limited.
 */
export async function startReturnListener(
  deps: ReturnListenerDeps,
  { host, port, tls = null }: ListenerPlace,
  given: Partial<ListenerLimits> = {},
): Promise<ReturnListener> {
  const { log } = deps;
  const limits = { ...LIMITS, ...given };
  const intake: Intake = { bytes: 0, most: limits.bytes, hour: hourlyCounts(limits, deps.now) };
  const openOf = new Map<string, number>();
  const certificate = tls && readCertificate(tls);
  const server = new SMTPServer({
    name: deps.domain,
    banner: 'Simmer takes back what could not be delivered',
    disabledCommands: certificate ? ['AUTH'] : ['AUTH', 'STARTTLS'],
    ...certificate,
    disableReverseLookup: true,
    authOptional: true,
    size: LARGEST_MAIL,
    maxClients: limits.connections,
    socketTimeout: limits.silenceMs,
    closeTimeout: 5_000,
    onConnect({ remoteAddress }, answer) {
      if ((openOf.get(remoteAddress) ?? 0) > limits.connectionsOfOne)
        return answer(refusal(421, '4.7.0 too many connections from your address'));
      answer();
    },
    onRcptTo({ address }, session, answer) {
      if (session.envelope.rcptTo.length >= MOST_RECIPIENTS)
        return answer(refusal(452, '4.5.3 too many recipients'));
      if (!isOurs(address, deps)) return answer(refusal(550, '5.1.1 no such address here'));
      if (intake.hour.isFull() || intake.hour.isCrowded(address))
        return answer(refusal(452, '4.3.1 enough for this hour, please come again'));
      answer();
    },
    onData(stream, session, answer) {
      const addresses = session.envelope.rcptTo.map(({ address }) => address);
      keep(stream, addresses, deps, intake).then(
        () => answer(null, 'kept'),
        (error: Error) => {
          log.warn({ error: error.message }, 'a returned mail could not be kept; its server tries again');
          answer(stream.sizeExceeded ? refusal(552, '5.3.4 too large') : refusal(451, '4.3.0 not now'));
        },
      );
    },
  });
  // Counted before the server hears of it.
  server.server.prependListener('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    openOf.set(address, (openOf.get(address) ?? 0) + 1);
    const timer = setTimeout(() => socket.destroy(), limits.longestMs);
    socket.once('close', () => {
      clearTimeout(timer);
      const left = (openOf.get(address) ?? 1) - 1;
      if (left > 0) openOf.set(address, left);
      else openOf.delete(address);
    });
  });
  server.on('error', (error) => log.debug({ error: error.message }, 'a connection to the return path broke'));
  await new Promise<void>((listening, failed) => {
    server.server.once('error', failed);
    server.listen(port, host, () => {
      server.server.off('error', failed);
      listening();
    });
  });
  const forget = tls
    ? watchCertificate(tls, (renewed) => server.updateSecureContext(renewed), log)
    : () => {};
  return {
    port: (server.server.address() as AddressInfo).port,
    close: () => {
      forget();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function isOurs(address: string, { secrets, domain }: ReturnListenerDeps): boolean {
  if (readReturnPath(secrets, address, domain) !== null) return true;
  if (isComplaintAddress(address, domain)) return true;
  const isHere = address.toLowerCase().endsWith(`@${domain.toLowerCase()}`);
  const token = isHere ? readUnsubscribeAddress(address) : null;
  return token !== null && readToken(secrets, token) !== null;
}

/** What is just being received, and what this hour has brought. */
interface Intake {
  bytes: number;
  most: number;
  hour: HourlyCounts;
}

async function keep(
  stream: SMTPServerDataStream,
  addresses: string[],
  { returns, now }: ReturnListenerDeps,
  intake: Intake,
): Promise<void> {
  const parts: Buffer[] = [];
  let own = 0;
  let isCrowded = false;
  try {
    // Read to the end even when it is too large: the client listens only after its final dot.
    for await (const part of stream as AsyncIterable<Buffer>) {
      isCrowded ||= intake.bytes + part.length > intake.most;
      if (isCrowded || stream.sizeExceeded) parts.length = 0;
      else if (own < KEPT_BYTES) {
        parts.push(part);
        own += part.length;
        intake.bytes += part.length;
      }
    }
    if (stream.sizeExceeded) throw new Error(`the mail is larger than ${LARGEST_MAIL} bytes`);
    if (isCrowded) throw new Error(`more than ${intake.most} bytes are being received at once`);
    const raw = Buffer.concat(parts).subarray(0, KEPT_BYTES);
    const [returnPath = null, ...alsoTo] = addresses;
    await returns.keep({ receivedAt: now(), source: 'smtp', returnPath, alsoTo, raw });
    intake.hour.count(addresses, Math.max(raw.length, LEAST_BYTES * addresses.length));
  } finally {
    intake.bytes -= own;
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
