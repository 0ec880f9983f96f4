import { fetchText } from '../adapters/mail-in/fetch-text.ts';
import { inboxStore } from '../adapters/postgres/delivery/inbox-store.ts';
import { isReady } from '../adapters/postgres/pool.ts';
import { loadPages } from '../adapters/templates/page-renderer.ts';
import { sayer } from '../adapters/templates/texts.ts';
import { templates } from '../template-folders.ts';
import { buildApp } from '../web/app.ts';
import { buildHealthApp } from '../web/health.ts';
import { listen } from './listen.ts';
import type { RoleDeps, RunningParts } from './shutdown.ts';
import { startTracking } from './tracking.ts';

/** Pages, links and pixels. */
export async function startWeb(
  { program, queue, texts, mails, processHits, log, now }: RoleDeps,
  parts: RunningParts,
): Promise<void> {
  const { settings, programme, database, links, secrets, keepAddress, pool } = program;
  const tracking = await startTracking({ program, queue, log, now, processHits });
  parts.hold('tracking', tracking.stop);
  const inbox = settings.smtpUrl === null ? inboxStore(pool) : null;
  const context = {
    programme,
    database,
    queue,
    links,
    secrets,
    publicUrl: settings.publicUrl,
    page: loadPages(templates('pages'), texts, { brand: programme.brand }),
    say: sayer(texts),
    mails,
    log,
    recorder: tracking.recorder,
    linkTables: tracking.linkTables,
    keepAddress,
    now,
    hasInbox: inbox !== null,
  };
  const app = await buildApp(context, {
    trustProxy: settings.trustProxy,
    ready: readiness({ program, queue }),
    inbox,
    returns: { ...settings.returnPosts, fetchText },
  });
  parts.hold('web', () => app.close());
  await listen(app, settings.host, settings.port, 'PORT');
}

/** A process without pages answers for its health on a port of its own, when it is given one. */
export async function startHealth(
  { program, queue }: Pick<RoleDeps, 'program' | 'queue'>,
  parts: RunningParts,
): Promise<void> {
  const { host, healthPort } = program.settings;
  if (healthPort === null) return;
  const app = await buildHealthApp(readiness({ program, queue }));
  parts.hold('web', () => app.close());
  await listen(app, host, healthPort, 'HEALTH_PORT');
}

function readiness({ program, queue }: Pick<RoleDeps, 'program' | 'queue'>) {
  return { database: () => isReady(program.pool), queue: () => queue.isReady() };
}
