import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import pg from 'pg';
import { refuseUnusable, schemaState } from '../schema-state.ts';
import { copyOut } from './copy.ts';
import {
  type Backup,
  type BackupEnd,
  type BackupHead,
  copyStatement,
  endLine,
  endOfRows,
  FORMAT,
  headLine,
  tableLine,
} from './format.ts';
import { sequencesOf, tablesToCopy } from './own-tables.ts';

export interface BackupOptions {
  /** Of Simmer. */
  version: string;
  now: Date;
  keyPrint: string | null;
  /** The key itself, to be kept in the backup; null: it is not. */
  key: string | null;
  /** Told of each table that begins, with how many there are. */
  tell?: (table: string, nth: number, of: number) => void;
}

/**
 * Writes one consistent picture of the database into a file, beside a program that runs or without one. The file gets its name
 * when it is whole and on the disk; until then it has another. Throws UnusableDatabase, or what the system says of the file.
 */
export async function writeBackup(url: string, path: string, options: BackupOptions): Promise<Backup> {
  await sweep(path);
  const unfinished = `${path}${partOf(process.pid)}`;
  try {
    const backup = await inSnapshot(url, (client) => writeAll(client, unfinished, options));
    await rename(unfinished, path);
    await syncFolder(dirname(path));
    return backup;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function inSnapshot<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'simmer backup',
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    await client.query('set local statement_timeout = 0');
    await client.query('set local idle_in_transaction_session_timeout = 0');
    const done = await work(client);
    await client.query('commit');
    return done;
  } finally {
    await client.end();
  }
}

async function writeAll(client: pg.Client, path: string, options: BackupOptions): Promise<Backup> {
  const state = await schemaState(client);
  refuseUnusable(state);
  const tables = await tablesToCopy(client);
  const { rows: server } = await client.query<{ version: string }>(
    `select current_setting('server_version') as version`,
  );
  const head: BackupHead = {
    format: FORMAT,
    version: options.version,
    madeAt: options.now.toISOString(),
    server: server[0]!.version,
    migrations: state.run,
    tables,
    keyPrint: options.keyPrint,
    ...(options.key === null ? {} : { key: options.key }),
  };
  const file = await openFile(path);
  const hash = createHash('sha256');
  /** Null when there is room for more; else a promise of room. */
  const put = (chunk: Buffer | string): Promise<void> | null => {
    hash.update(chunk);
    return file.write(chunk);
  };
  try {
    await put(headLine(head));
    const rows: BackupEnd['rows'] = {};
    for (const [at, table] of tables.entries()) {
      options.tell?.(table.name, at + 1, tables.length);
      await put(tableLine(table));
      rows[table.name] = await copyOut(client, copyStatement(table, 'TO stdout'), put);
      await put(endOfRows);
    }
    // They are not part of the snapshot, and never less than it.
    const sequences = await sequencesOf(
      client,
      tables.map(({ name }) => name),
    );
    const end = { rows, sequences, sha256: hash.digest('hex') };
    await file.write(endLine(end));
    await file.end();
    return { head, end };
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

const BLOCK = 1 << 16;

/** A file in gzip that is on the disk when `end` is done. */
async function openFile(path: string) {
  const gzip = createGzip();
  const output = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  await once(output, 'open');
  let failure: Error | null = null;
  const written = pipeline(gzip, output).catch((error: Error) => {
    failure = error;
  });
  const check = () => {
    if (failure) throw failure;
  };
  let room: Promise<void> | null = null;
  let block = Buffer.allocUnsafe(BLOCK);
  let used = 0;
  const flush = (): Promise<void> | null => {
    if (used === 0) return room;
    const isTaken = gzip.write(block.subarray(0, used));
    block = Buffer.allocUnsafe(BLOCK);
    used = 0;
    if (!isTaken)
      // Pieces that were on their way already come all the same, and wait for the same.
      room ??= Promise.race([once(gzip, 'drain'), written])
        .then(check, check)
        .finally(() => {
          room = null;
        });
    return room;
  };
  return {
    /** Takes a copy: pg writes the next rows into the same memory. One block for many rows, as each costs gzip a turn. */
    write(piece: Buffer | string): Promise<void> | null {
      check();
      const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
      for (let at = 0; at < bytes.length; ) {
        const taken = bytes.copy(block, used, at);
        at += taken;
        used += taken;
        if (used === BLOCK) flush();
      }
      return room;
    },
    async end() {
      await flush();
      gzip.end();
      await written;
      check();
    },
    async abandon() {
      gzip.destroy();
      await written;
    },
  };
}

const partOf = (pid: number | string) => `.part-${pid}`;

/** What backups of this name left behind whose process is gone. */
async function sweep(path: string): Promise<void> {
  const start = basename(path) + partOf('');
  for (const name of await readdir(dirname(path))) {
    const pid = name.startsWith(start) ? Number(name.slice(start.length)) : Number.NaN;
    if (Number.isInteger(pid) && !existsSync(`/proc/${pid}`) && !isAlive(pid))
      await rm(join(dirname(path), name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** The name is on the disk too. */
async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
