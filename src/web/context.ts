import type { Links } from '../domain/links.ts';
import type { Programme } from '../domain/programme.ts';
import type { KeepAddress } from '../domain/tracking/network.ts';
import type { MailRenderer } from '../journey/delivery/ports/deliveries.ts';
import type { Database, Log, PageRenderer, Queue, Say } from '../journey/ports.ts';
import type { HitRecorder } from '../journey/tracking/record-hits.ts';
import type { LinkTables } from './tracking/link-tables.ts';

/** What routes get to work with. Each folder of routes is a Fastify plugin: `(app, context) => void`. */
export interface WebContext {
  programme: Programme;
  database: Database;
  queue: Queue;
  links: Links;
  /** The first signs, all verify. */
  secrets: readonly string[];
  publicUrl: string;
  page: PageRenderer;
  say: Say;
  mails: MailRenderer;
  log: Log;
  /** Where opens and clicks are written down. */
  recorder: HitRecorder;
  linkTables: LinkTables;
  /** What is kept of a network address. */
  keepAddress: KeepAddress;
  /** The clock. Handlers read it once per request and pass `now` down. */
  now: () => Date;
  /** True in the embedded set-up: pages may point at /inbox. */
  hasInbox: boolean;
}
