import { bullQueue } from './adapters/bull/queue.ts';
import { inProcessQueue } from './adapters/in-process/queue.ts';
import { makeLog, quietWhileAway } from './adapters/log.ts';
import { terminalOutput } from './adapters/log-output.ts';
import { loadMails } from './adapters/mail-templates/renderer.ts';
import type { SetUpError } from './config/set-up-error.ts';
import type { Role, Settings } from './config/settings.ts';
import type { Programme } from './domain/programme.ts';
import { redact } from './domain/redact.ts';
import { respellFeeds } from './journey/content/respell-feeds.ts';
import { tellGoneInterests } from './journey/content/tell-gone-interests.ts';
import type { Log, Queue } from './journey/ports.ts';
import { keepRules } from './journey/scoring/keep-rules.ts';
import { processHits } from './journey/tracking/process-hits.ts';
import { openRuntime, type Runtime, settingsOf } from './runtime.ts';
import { announce } from './start/announce.ts';
import { freePort } from './start/listen.ts';
import { type RoleDeps, runningParts } from './start/shutdown.ts';
import { stopOnSignals } from './start/signals.ts';
import { startTexts } from './start/texts.ts';
import { startHealth, startWeb } from './start/web.ts';
import { startWorker } from './start/worker.ts';
import { templates } from './template-folders.ts';

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
  /** Told when a database that was away at the start came back and cannot be used. */
  refused?: (error: SetUpError) => void;
}

export interface RunningProgram {
  publicUrl: string;
  program: Runtime;
  queue: Queue;
  /** Finishes what is on the wire, hands back the rest, and closes everything. A second call waits for the first. */
  stop(): Promise<void>;
}

/** `simmer start`: runs until a signal comes. */
export async function start(options: StartOptions): Promise<void> {
  const refused = async ({ message }: SetUpError) => {
    process.stderr.write(`${redact(message)}\n`);
    await starting.then(({ stop }) => stop()).catch(() => {});
    process.exit(2);
  };
  const starting = startProgram({ ...options, refused });
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
  refused,
}: StartOptions): Promise<RunningProgram> {
  await settlePort(settings);
  const log = quietWhileAway(
    given ?? makeLog(settings.logLevel, settings.mode === 'embedded' ? await terminalOutput() : undefined),
  );
  const parts = runningParts(log);
  const program = await openRuntime({ role, programme: named, log, adjust, refused }, settings);
  parts.hold('program', program.close);
  try {
    const { database, programme } = program;
    const { publicUrl } = settings;
    await keepRules({ rules: database.stores.rules, programme, log }, now());
    await respellFeeds({ feeds: database.stores.feeds, log }, program.loaded.respelled);
    const texts = startTexts({ programme, settings, log });
    const mails = await loadMails(templates('mails'), texts, { ...programme.brand, publicUrl });
    const queue = settings.redisUrl === null ? inProcessQueue(log) : bullQueue(settings.redisUrl, log);
    parts.hold('queue', () => queue.close());
    const processPending = () => processHits({ database, machines: programme.machines }, now());

    const deps: RoleDeps = { program, queue, texts, mails, processHits: processPending, log, now };
    if (role === 'worker') await startHealth(deps, parts);
    else await startWeb(deps, parts);
    const smtpInbox = role === 'web' ? null : await startWorker(deps, parts);
    await tellGoneInterests({ ...program, log });
    if (!isQuiet) announce({ role, program, smtpInbox: smtpInbox?.url ?? null, log });
    return { publicUrl, program, queue, stop: parts.stop };
  } catch (error) {
    // What went wrong first is what has to be told.
    await parts.stop().catch(() => {});
    throw error;
  }
}

/** PORT=0 takes any free port; the addresses that name it follow. */
async function settlePort(settings: Settings): Promise<void> {
  if (settings.port !== 0) return;
  settings.port = await freePort();
  for (const name of ['publicUrl', 'internalUrl'] as const) {
    settings[name] = settings[name].replace(/:0$/, `:${settings.port}`);
  }
}
