import { join } from 'node:path';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../src/adapters/log.ts';
import { loadPages } from '../../src/adapters/templates/page-renderer.ts';
import { loadTexts, sayer } from '../../src/adapters/templates/texts.ts';
import type { Programme } from '../../src/domain/programme.ts';
import { shortenAddress } from '../../src/domain/tracking/network.ts';
import type { Database, Job, Queue } from '../../src/journey/ports.ts';
import type { PendingHitQueue } from '../../src/journey/tracking/ports/hits.ts';
import { processHits } from '../../src/journey/tracking/process-hits.ts';
import type { HitRecorder } from '../../src/journey/tracking/record-hits.ts';
import type { WebContext } from '../../src/web/context.ts';
import { takePlainAddresses } from '../../src/web/network-address.ts';
import { readQuery, takeForms } from '../../src/web/read-form.ts';
import { type LinkTables, makeLinkTables } from '../../src/web/tracking/link-tables.ts';
import { testLinks, testProgramme, testPublicUrl, testSecrets } from './programme.ts';

const templates = join(import.meta.dirname, '../../templates');

/** A queue that only remembers what it was given. */
export function rememberingQueue(): Queue & { jobs: Job[] } {
  const jobs: Job[] = [];
  return {
    jobs,
    add: async (job) => {
      jobs.push(job);
    },
    work: () => {},
    isReady: async () => true,
    close: async () => {},
  };
}

/** What routes work with, over a test's own database, with the real templates. Any part can be replaced. */
export function testWebContext(
  database: Database,
  replaced: Partial<WebContext> & { programme?: Programme } = {},
): WebContext & { queue: ReturnType<typeof rememberingQueue> } {
  const programme = replaced.programme ?? testProgramme();
  return {
    programme,
    database,
    links: testLinks,
    secrets: testSecrets,
    publicUrl: testPublicUrl,
    page: loadPages(join(templates, 'pages'), loadTexts(join(templates, 'locales')), {
      brand: programme.brand,
    }),
    say: sayer(loadTexts(join(templates, 'locales'))),
    // A route that writes mails gets the real renderer from its own test.
    mails: {
      render: () => {
        throw new Error('this test gave no mail renderer');
      },
    },
    log: silentLog,
    recorder: directRecorder(database, programme),
    linkTables: tablesOf(database),
    keepAddress: shortenAddress,
    now: () => new Date('2026-11-21T09:00:00Z'),
    hasInbox: true,
    ...replaced,
    queue: rememberingQueue(),
  };
}

/** Writes each hit down and takes it in before it answers, so that a test sees its consequences at once. */
function directRecorder(database: Database, { machines }: Programme): HitRecorder {
  return {
    async record(hit) {
      const arrived: PendingHitQueue = { take: async () => [hit] };
      const inTransaction: Database['inTransaction'] = (work) =>
        database.inTransaction((stores) => work({ ...stores, pendingHits: arrived }));
      await processHits({ database: { inTransaction }, machines }, hit.at);
    },
    recover: () => {},
    stop: async () => {},
  };
}

function tablesOf({ stores }: Database): LinkTables {
  const snapshot = { load: async () => [], add: async () => {} };
  return makeLinkTables({ issues: stores.issues, snapshot, log: silentLog });
}

/** A small app with the given routes and the plugins that all routes may count on. Close it afterwards. */
export async function testApp(
  context: WebContext,
  ...routes: ((app: FastifyInstance, context: WebContext) => void | Promise<void>)[]
): Promise<FastifyInstance> {
  const app = Fastify({ routerOptions: { querystringParser: readQuery } });
  takePlainAddresses(app);
  takeForms(app);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  for (const route of routes) await route(app, context);
  await app.ready();
  return app;
}
