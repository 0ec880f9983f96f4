import { randomInt } from 'node:crypto';
import { mailExchangers } from '../adapters/dns/mail-exchangers.ts';
import { type SmtpInbox, startSmtpInbox } from '../adapters/inbox/smtp-inbox.ts';
import { readCertificate } from '../adapters/mail-in/certificate.ts';
import { returnThread } from '../adapters/mail-in/read-in-thread.ts';
import { startReturnListener } from '../adapters/mail-in/return-listener.ts';
import { issueMailWriter } from '../adapters/mail-templates/issue-writer/issue-writer.ts';
import { hostConnectionLeases } from '../adapters/postgres/content/host-connection-leases.ts';
import { inboxStore } from '../adapters/postgres/delivery/inbox-store.ts';
import { workerStore } from '../adapters/postgres/delivery/worker-store.ts';
import { elapsedTime } from '../adapters/process/elapsed.ts';
import { hasEnded, ownIdentity } from '../adapters/process/identity.ts';
import { feedReader } from '../adapters/rss/feed-reader.ts';
import { fromInside } from '../adapters/rss/http/from-inside.ts';
import { CONNECTIONS_PER_HOST, hostGate, sharedGate } from '../adapters/rss/http/host-gate.ts';
import { imageChecker } from '../adapters/rss/images/image-checker.ts';
import { dkimSigner, readDkimKey } from '../adapters/smtp/dkim.ts';
import { smtpMailSender } from '../adapters/smtp/mail-sender.ts';
import { sayer } from '../adapters/templates/texts.ts';
import { httpWebhookSender } from '../adapters/webhooks/webhook-sender.ts';
import { mailDomain } from '../domain/mail/headers.ts';
import { makeHandlers } from '../jobs/handlers.ts';
import { type Presence, RHYTHM, startPresence } from '../jobs/presence.ts';
import { startSchedule } from '../jobs/schedule.ts';
import { watchUncertain } from '../journey/delivery/control-issue.ts';
import { emptyHands, type InHand } from '../journey/worker-ports.ts';
import { type Runtime, SetUpError } from '../runtime.ts';
import { listenFault } from './listen.ts';
import type { RoleDeps, RunningParts } from './shutdown.ts';

const JOBS_AT_ONCE = 8;
/** How often the schedule looks for what is due. Jobs are handed on at once beside it. */
const TICK_MS = { embedded: 1_000, production: 5_000 } as const;

/** Feeds, issues, mails, and the schedule that makes them go on. Returns the built-in inbox, where mails go to it. */
export async function startWorker(deps: RoleDeps, parts: RunningParts): Promise<SmtpInbox | null> {
  const { program, queue, texts, mails, log, now } = deps;
  const { settings, programme, database, links, secrets } = program;
  const { publicUrl, returnPathDomain } = settings;
  const smtpInbox =
    settings.smtpUrl === null ? await startSmtpInbox({ inbox: inboxStore(program.pool), log, now }) : null;
  parts.hold('inbox', () => smtpInbox?.close());
  await listenForReturns(deps, parts);
  const signer = signerFor(program);
  const sender = senderFor(program, smtpInbox?.url ?? null, signer);
  const halt = new AbortController();
  const inHand = emptyHands();
  const presence = await bePresent(deps, inHand, parts);
  // Feeds and pictures share it, and so do all workers: no host has more connections from them than it allows.
  const gate = sharedGate(hostGate(), hostConnectionLeases(program.pool, CONNECTIONS_PER_HOST));
  const work = {
    ...deps,
    programme,
    database,
    links,
    secrets,
    publicUrl,
    returnPathDomain,
    readReturn: returnThread(),
    exchangers: mailExchangers(),
    writer: issueMailWriter(mails.parts, {
      programme,
      links,
      publicUrl,
      secrets,
      returnPathDomain,
      signer,
      log,
    }),
    sender,
    webhookSender: httpWebhookSender({ publicUrl }),
    feedReader: fromInside(feedReader({ publicUrl, gate }), publicUrl, settings.internalUrl),
    imageChecker: imageChecker({ publicUrl, gate }),
    say: sayer(texts),
    worker: presence.name,
    hold: presence.hold,
    inHand,
    signal: halt.signal,
    random: () => randomInt(2 ** 32) / 2 ** 32,
  };
  const watch = async (issueId: number, inARow: number) => {
    await watchUncertain(work, { issueId, inARow }, now());
  };
  queue.work(makeHandlers({ ...work, watchUncertain: watch }), JOBS_AT_ONCE);
  const schedule = startSchedule(work, { everyMs: TICK_MS[settings.mode] });
  parts.hold('halt', () => halt.abort());
  parts.hold('schedule', () => schedule.stop());
  parts.hold('sender', () => sender.close());
  return smtpInbox;
}

/** Others know by it that this worker lives, until everything else of it has stopped. */
async function bePresent(
  { program, log, now }: RoleDeps,
  inHand: InHand,
  parts: RunningParts,
): Promise<Presence> {
  const pool = program.connect(1, RHYTHM.beatMs);
  parts.hold('connections', () => pool.end());
  const presence = await startPresence({
    workers: workerStore(pool),
    database: program.database,
    identity: ownIdentity(),
    hasEnded,
    inHand,
    log,
    now,
    elapsed: elapsedTime(),
  });
  parts.hold('presence', () => presence.stop());
  return presence;
}

async function listenForReturns(
  { program, log, now }: Pick<RoleDeps, 'program' | 'log' | 'now'>,
  parts: RunningParts,
): Promise<void> {
  const { returnPathDomain, returnPort, returnHost, returnTls } = program.settings;
  if (returnPathDomain === null || returnPort === null) return;
  const { returns } = program.database.stores;
  const place = { host: returnHost, port: returnPort };
  try {
    if (returnTls) readCertificate(returnTls);
  } catch (error) {
    throw new SetUpError((error as Error).message, { cause: error });
  }
  const listener = await startReturnListener(
    { returns, secrets: program.secrets, domain: returnPathDomain, log, now },
    { ...place, tls: returnTls },
  ).catch((error) => {
    throw listenFault(error, { ...place, hostSetting: 'RETURN_HOST', portSetting: 'RETURN_PORT' });
  });
  parts.hold('returns', () => listener.close());
}

function senderFor(
  { settings, programme }: Pick<Runtime, 'settings' | 'programme'>,
  inboxUrl: string | null,
  signer: ReturnType<typeof signerFor>,
) {
  try {
    return smtpMailSender({
      url: settings.smtpUrl ?? inboxUrl!,
      production: settings.mode === 'production',
      from: programme.brand.from,
      signer,
    });
  } catch (error) {
    throw new SetUpError((error as Error).message, { cause: error });
  }
}

function signerFor({ settings, programme }: Pick<Runtime, 'settings' | 'programme'>) {
  try {
    const keys = settings.dkimKeys.map(({ domain, selector, path }) => readDkimKey(domain, selector, path));
    return dkimSigner(keys, mailDomain(programme.brand.from.address));
  } catch (error) {
    throw new SetUpError((error as Error).message, { cause: error });
  }
}
