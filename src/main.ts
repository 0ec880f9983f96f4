import { randomInt } from 'node:crypto';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { bullQueue } from './adapters/bull/queue.ts';
import { mailExchangers } from './adapters/dns/mail-exchangers.ts';
import { inProcessQueue } from './adapters/in-process/queue.ts';
import { type SmtpInbox, startSmtpInbox } from './adapters/inbox/smtp-inbox.ts';
import { makeLog } from './adapters/log.ts';
import { terminalOutput } from './adapters/log-output.ts';
import { fetchText } from './adapters/mail-in/fetch-text.ts';
import { startReturnListener } from './adapters/mail-in/return-listener.ts';
import { issueMailWriter } from './adapters/mail-templates/issue-writer.ts';
import { loadMails } from './adapters/mail-templates/renderer.ts';
import { inboxStore } from './adapters/postgres/inbox-store.ts';
import { isReady } from './adapters/postgres/pool.ts';
import { feedReader } from './adapters/rss/feed-reader.ts';
import { fromInside } from './adapters/rss/from-inside.ts';
import { hostGate } from './adapters/rss/host-gate.ts';
import { imageChecker } from './adapters/rss/image-checker.ts';
import { dkimSigner, readDkimKey } from './adapters/smtp/dkim.ts';
import { smtpMailSender } from './adapters/smtp/mail-sender.ts';
import { loadPages } from './adapters/templates/page-renderer.ts';
import { loadTexts, sayer } from './adapters/templates/texts.ts';
import { httpWebhookSender } from './adapters/webhooks/webhook-sender.ts';
import { announce } from './announce.ts';
import type { Role, Settings } from './config/settings.ts';
import { mailDomain } from './domain/delivery/headers.ts';
import type { Programme } from './domain/programme.ts';
import { makeHandlers } from './jobs/handlers.ts';
import { startSchedule } from './jobs/schedule.ts';
import { noteRules } from './journey/engagement/note-rules.ts';
import { takeInArrivals } from './journey/engagement/take-in-arrivals.ts';
import type { Log, Queue } from './journey/ports.ts';
import { freePort, listen } from './listen.ts';
import { type OpenProgram, openProgram, SetUpError, settingsOf } from './open-program.ts';
import { startTracking } from './start-tracking.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { buildApp } from './web/app.ts';
import { buildHealthApp } from './web/health.ts';

const JOBS_AT_ONCE = 8;
/** How often the schedule looks for what is due. Jobs are handed on at once beside it. */
const TICK_MS = { embedded: 1_000, production: 5_000 } as const;

/**
 * First what begins work, last what work stands on: batches are told to hand back, requests and ticks end, jobs under
 * way finish their mails.
 */
const STOP_ORDER = [
  'halt',
  'web',
  'tracking',
  'schedule',
  'queue',
  'sender',
  'inbox',
  'returns',
  'program',
] as const;

export interface StartOptions {
  role: Role;
  programme?: string | undefined;
  log?: Log;
  /** Else those of the environment. */
  settings?: Settings;
  /** Changes the checked programme for this run; the demo shortens waiting times with it. */
  adjust?: (programme: Programme) => Programme;
  /** The clock; the demo lives through weeks in a minute. */
  now?: () => Date;
  /** Says nothing about itself on stdout. */
  isQuiet?: boolean;
}

export interface RunningProgram {
  publicUrl: string;
  program: OpenProgram;
  queue: Queue;
  /** Finishes what is on the wire, hands back the rest, and closes everything. A second call waits for the first. */
  stop(): Promise<void>;
}

/** `simmer start`: runs until a signal comes. */
export async function start(options: StartOptions): Promise<void> {
  const starting = startProgram(options);
  // From the first moment on: a start that is broken off must not leave a database running.
  stopOnSignals(async () => (await starting).stop());
  await starting;
}

/**
 * Composes settings and programme into adapters, and adapters into the roles of this process. Whatever was opened is
 * closed again when a later part fails. Throws SetUpError or ProgrammeError for what a person has to mend.
 */
export async function startProgram({
  role,
  programme: named,
  log: given,
  settings = settingsOf(role),
  adjust,
  now = () => new Date(),
  isQuiet = false,
}: StartOptions): Promise<RunningProgram> {
  if (settings.port === 0) {
    settings.port = await freePort();
    for (const name of ['publicUrl', 'internalUrl'] as const) {
      settings[name] = settings[name].replace(/:0$/, `:${settings.port}`);
    }
  }
  const log =
    given ?? makeLog(settings.logLevel, settings.mode === 'embedded' ? await terminalOutput() : undefined);
  const parts: Partial<Record<(typeof STOP_ORDER)[number], () => unknown>> = {};
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= stopAll(parts, log);
    return stopped;
  };

  const program = await openProgram({ role, programme: named, log, adjust }, settings);
  parts.program = program.close;
  try {
    const { database, links, pool, secrets, programme } = program;
    await noteRules({ rules: database.stores.rules, programme, log }, now());
    const { publicUrl } = settings;
    const texts = loadTexts(templates('locales'));
    const page = loadPages(templates('pages'), texts, { brand: programme.brand });
    const mails = await loadMails(templates('mails'), texts, { ...programme.brand, publicUrl });

    const queue = settings.redisUrl === null ? inProcessQueue(log) : bullQueue(settings.redisUrl, log);
    parts.queue = () => queue.close();
    const inbox = settings.smtpUrl === null ? inboxStore(pool) : null;
    const ready = { database: () => isReady(pool), queue: () => queue.isReady() };

    const takeIn = () => takeInArrivals({ database, machines: programme.machines }, now());
    if (role !== 'worker') {
      const tracking = await startTracking({ program, queue, log, now, takeIn });
      parts.tracking = tracking.stop;
      const context = {
        programme,
        database,
        queue,
        links,
        secrets,
        publicUrl,
        page,
        say: sayer(texts),
        mails,
        log,
        recorder: tracking.recorder,
        linkTables: tracking.linkTables,
        keepAddress: program.keepAddress,
        now,
        hasInbox: inbox !== null,
      };
      const app = await buildApp(context, {
        trustProxy: settings.trustProxy,
        ready,
        inbox,
        returns: { ...settings.returnPosts, fetchText },
      });
      parts.web = () => app.close();
      await listen(app, settings.host, settings.port, 'PORT');
    } else if (settings.healthPort !== null) {
      const app = await buildHealthApp(ready);
      parts.web = () => app.close();
      await listen(app, settings.host, settings.healthPort, 'HEALTH_PORT');
    }

    let smtpInbox: SmtpInbox | null = null;
    if (role !== 'web') {
      smtpInbox = inbox && (await startSmtpInbox({ inbox, log, now }));
      parts.inbox = () => smtpInbox?.close();
      const { returnPathDomain, returnPort, returnHost } = settings;
      if (returnPathDomain !== null && returnPort !== null) {
        const at = { host: returnHost, port: returnPort };
        const returns = database.stores.returns;
        const listener = await startReturnListener(
          { returns, secrets, domain: returnPathDomain, log, now },
          at,
        );
        parts.returns = () => listener.close();
      }
      const signer = signerFor(settings, programme);
      const writer = issueMailWriter(mails.parts, {
        programme,
        links,
        publicUrl,
        secrets,
        returnPathDomain: settings.returnPathDomain,
        signer,
        log,
      });
      const sender = smtpMailSender({
        url: settings.smtpUrl ?? smtpInbox!.url,
        production: settings.mode === 'production',
        from: programme.brand.from,
        signer,
      });
      const halt = new AbortController();
      const worker = `${hostname()}-${process.pid}`;
      const random = () => randomInt(2 ** 32) / 2 ** 32;
      // Feeds and pictures share it: no host has more connections from here than it allows.
      const gate = hostGate();
      const reader = fromInside(feedReader({ publicUrl, gate }), publicUrl, settings.internalUrl);
      const deps = {
        programme,
        database,
        queue,
        links,
        takeIn,
        exchangers: mailExchangers(),
        mails,
        writer,
        sender,
        webhookSender: httpWebhookSender({ publicUrl }),
        secrets,
        feedReader: reader,
        publicUrl,
        returnPathDomain,
        imageChecker: imageChecker({ publicUrl, gate }),
        say: sayer(texts),
        worker,
        signal: halt.signal,
        now,
        random,
        log,
      };
      queue.work(makeHandlers(deps), JOBS_AT_ONCE);
      const schedule = startSchedule(deps, { everyMs: TICK_MS[settings.mode] });
      parts.halt = () => halt.abort();
      parts.schedule = () => schedule.stop();
      parts.sender = () => sender.close();
    }
    if (!isQuiet) announce({ role, program, smtpInbox: smtpInbox?.url ?? null, log });
    return { publicUrl, program, queue, stop };
  } catch (error) {
    // What went wrong first is what has to be told.
    await stop().catch(() => {});
    throw error;
  }
}

/** Every part is closed, whatever happens to the one before; the first failure is told at the end. */
async function stopAll(parts: Partial<Record<string, () => unknown>>, log: Log): Promise<void> {
  const failures: unknown[] = [];
  for (const part of STOP_ORDER) {
    try {
      await parts[part]?.();
    } catch (error) {
      log.error({ error: String(error), part }, 'a part did not stop as it should');
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function signerFor({ dkimKeys }: Settings, { brand }: Programme) {
  try {
    const keys = dkimKeys.map(({ domain, selector, path }) => readDkimKey(domain, selector, path));
    return dkimSigner(keys, mailDomain(brand.from.address));
  } catch (error) {
    throw new SetUpError((error as Error).message, { cause: error });
  }
}

function templates(folder: string): string {
  return fileURLToPath(new URL(`../templates/${folder}`, import.meta.url));
}
