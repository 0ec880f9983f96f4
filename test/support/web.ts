import { join } from 'node:path';
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../src/adapters/log.ts';
import { loadPages } from '../../src/adapters/templates/page-renderer.ts';
import { loadTexts } from '../../src/adapters/templates/texts.ts';
import type { Programme } from '../../src/domain/programme.ts';
import type { Database, Job, Queue } from '../../src/journey/ports.ts';
import type { WebContext } from '../../src/web/context.ts';
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
    // A route that writes mails gets the real renderer from its own test.
    mails: {
      render: () => {
        throw new Error('this test gave no mail renderer');
      },
    },
    log: silentLog,
    now: () => new Date('2026-11-21T09:00:00Z'),
    hasInbox: true,
    ...replaced,
    queue: rememberingQueue(),
  };
}

/** A small app with the given routes and the plugins that all routes may count on. Close it afterwards. */
export async function testApp(
  context: WebContext,
  ...routes: ((app: FastifyInstance, context: WebContext) => void | Promise<void>)[]
): Promise<FastifyInstance> {
  const app = Fastify();
  await app.register(formbody);
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  for (const route of routes) await route(app, context);
  await app.ready();
  return app;
}
