import type { IssueLink, IssueStore } from '../../journey/delivery/ports/deliveries.ts';
import type { Log } from '../../journey/ports.ts';
import type { LinkSnapshot } from '../../journey/tracking/ports/hits.ts';

/** Link number → link. */
type LinkTable = ReadonlyMap<number, IssueLink>;

export interface LinkTables {
  /** Empty for an issue that is not there. Rejects when the table is not in memory and cannot be read in time. */
  of(issueId: number): Promise<LinkTable>;
  /** Reads the snapshot, and from now on the tables of new issues before anybody clicks in them. */
  start(): Promise<void>;
  stop(): void;
}

/** New issues are looked for so often. Their mails take longer to arrive. Milliseconds. */
const LOOK_EVERY_MS = 5_000;
/** A reader who clicks does not wait longer than this for a table. Milliseconds. */
const LIMIT_MS = 400;
/** Issues are committed out of order now and then: so far back is looked again. */
const OVERLAP = 20;

export interface LinkTableDeps {
  issues: Pick<IssueStore, 'links' | 'linksAfter'>;
  snapshot: LinkSnapshot;
  log: Log;
}

/**
 * The issues' link tables, each read once: a mail's links never change. What was read is also in a file, so that a process
 * that starts while Postgres is away still lands clicks. The file may be another database's (a folder that was kept, a
 * backup that was put back), so it counts until Postgres has been read. Readers click the newest issues, so the tables used
 * longest ago are forgotten when there are more than `most`.
 */
export function makeLinkTables({ issues, snapshot, log }: LinkTableDeps, most = 1000): LinkTables {
  const tables = new Map<number, LinkTable>();
  const reading = new Map<number, Promise<LinkTable>>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let newest = 0;
  const fromSnapshot = new Set<number>();
  let firstLook: Promise<void> | undefined;

  function keep(issueId: number, links: readonly IssueLink[]): LinkTable {
    const table = new Map(links.map((link) => [link.number, link]));
    // Put last again: the map keeps the order of use.
    tables.delete(issueId);
    tables.set(issueId, table);
    newest = Math.max(newest, issueId);
    if (tables.size > most) tables.delete(tables.keys().next().value as number);
    return table;
  }

  async function read(issueId: number): Promise<LinkTable> {
    try {
      const links = await issues.links(issueId);
      if (links.length === 0) return new Map();
      const table = keep(issueId, links);
      await remember([{ issueId, links }]);
      return table;
    } finally {
      reading.delete(issueId);
    }
  }

  /** A snapshot that cannot be written costs nobody a click now. */
  async function remember(found: { issueId: number; links: IssueLink[] }[]): Promise<void> {
    await snapshot
      .add(found)
      .catch((error) => log.warn({ error: String(error) }, 'no snapshot of link tables'));
  }

  async function look(): Promise<void> {
    try {
      const found = await issues.linksAfter(newest - OVERLAP, most);
      const fresh = found.filter(({ issueId }) => !tables.has(issueId) || fromSnapshot.has(issueId));
      const unknown = fresh.filter(({ issueId, links }) => !isSame(tables.get(issueId), links));
      // What the snapshot has and Postgres did not give is read when somebody clicks in it.
      for (const issueId of fromSnapshot) tables.delete(issueId);
      fromSnapshot.clear();
      for (const { issueId, links } of fresh) keep(issueId, links);
      if (unknown.length > 0) await remember(unknown);
    } catch (error) {
      log.debug({ error: String(error) }, 'link tables of new issues could not be read yet');
    }
    if (!isStopped) timer = setTimeout(look, LOOK_EVERY_MS);
  }

  return {
    async of(issueId) {
      if (fromSnapshot.has(issueId) && firstLook) await inTime(firstLook).catch(() => {});
      const known = tables.get(issueId);
      if (known) {
        tables.delete(issueId);
        tables.set(issueId, known);
        return known;
      }
      const asked = reading.get(issueId) ?? read(issueId);
      reading.set(issueId, asked);
      return inTime(asked);
    },
    async start() {
      for (const { issueId, links } of await snapshot.load()) {
        keep(issueId, links);
        fromSnapshot.add(issueId);
      }
      newest = 0;
      firstLook = look().finally(() => {
        firstLook = undefined;
      });
    },
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function isSame(table: LinkTable | undefined, links: readonly IssueLink[]): boolean {
  return (
    table?.size === links.length &&
    links.every(
      (link) => table.get(link.number)?.url === link.url && table.get(link.number)?.role === link.role,
    )
  );
}

function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no link table within ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
