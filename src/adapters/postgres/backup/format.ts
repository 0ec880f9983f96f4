import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { asJson } from '../as-json.ts';
import { quoted, type SequenceState, type TableToCopy } from './own-tables.ts';

// A backup is text in gzip, such as psql would read it too:
//
//   -- simmer backup {"format":1, …}
//   COPY "articles" ("id", "url", …) FROM stdin;
//   …rows…
//   \.
//   -- end {"rows":{"articles":1204, …},"sequences":[…],"sha256":"…"}
//
// The last line comes when all is written, and tells by its checksum that nothing before it is missing or changed.

export const FORMAT = 1;
const HEAD = '-- simmer backup ';
const END = '-- end ';
const END_OF_ROWS = '\\.\n';

export interface BackupHead {
  format: number;
  /** Of Simmer. */
  version: string;
  madeAt: string;
  /** Of PostgreSQL. */
  server: string;
  migrations: string[];
  tables: TableToCopy[];
  /** Tells whether a key is the one that links were signed with, without telling the key. */
  keyPrint: string | null;
  /** The key itself, when it was asked for. */
  key?: string;
}

export interface BackupEnd {
  rows: Record<string, number>;
  sequences: SequenceState[];
  sha256: string;
}

export interface Backup {
  head: BackupHead;
  end: BackupEnd;
}

/** The file is no backup, or not whole; the message says which. */
export class BadBackup extends Error {
  override name = 'BadBackup';
}

export const headLine = (head: BackupHead): string => `${HEAD}${asJson(head)}\n`;
export const endLine = (end: BackupEnd): string => `${END}${asJson(end)}\n`;
export const tableLine = (table: TableToCopy): string => `${copyStatement(table, 'FROM stdin')};\n`;
export const endOfRows = END_OF_ROWS;

export function copyStatement({ name, columns }: TableToCopy, direction: 'FROM stdin' | 'TO stdout'): string {
  return `COPY ${quoted(name)} (${columns.map(quoted).join(', ')}) ${direction}`;
}

export interface BackupReader {
  head(head: BackupHead): void | Promise<void>;
  /** Rows of this table follow. */
  table(table: TableToCopy): void | Promise<void>;
  /** Whole rows. */
  rows(chunk: Buffer): void | Promise<void>;
  tableEnd(): void | Promise<void>;
}

/** Reads a backup from beginning to end, in pieces. Rejects with BadBackup when it is none, damaged or cut off. */
export async function readBackup(path: string, reader: BackupReader): Promise<Backup> {
  const hash = createHash('sha256');
  let head: BackupHead | null = null;
  let end: BackupEnd | null = null;
  let isInRows = false;
  let left: Buffer = Buffer.alloc(0);

  const line = async (text: string): Promise<void> => {
    if (head === null) {
      head = readHead(text);
      return reader.head(head);
    }
    if (text.startsWith(END)) {
      end = JSON.parse(text.slice(END.length)) as BackupEnd;
      if (end.sha256 !== hash.copy().digest('hex'))
        throw new BadBackup('it is damaged: its checksum is wrong');
      return;
    }
    const name = /^COPY "(\w+)" \(/.exec(text)?.[1];
    const table = head.tables.find((one) => one.name === name);
    if (!table) throw new BadBackup('it is damaged: there is a line that belongs to no table');
    isInRows = true;
    return reader.table(table);
  };

  /** What can be read of `left` now; gives what must wait for more. */
  const consume = async (): Promise<void> => {
    for (;;) {
      if (isInRows) {
        if (left.subarray(0, END_OF_ROWS.length).toString('latin1') === END_OF_ROWS) {
          hash.update(END_OF_ROWS);
          left = left.subarray(END_OF_ROWS.length);
          isInRows = false;
          await reader.tableEnd();
          continue;
        }
        const marker = left.indexOf(`\n${END_OF_ROWS}`);
        const whole = (marker >= 0 ? marker : left.lastIndexOf(10)) + 1;
        if (whole === 0) return;
        const rows = left.subarray(0, whole);
        hash.update(rows);
        left = left.subarray(whole);
        await reader.rows(rows);
        if (marker < 0) return;
        continue;
      }
      const at = left.indexOf(10);
      if (at < 0) {
        if (
          head === null &&
          left.length > HEAD.length &&
          !left.subarray(0, HEAD.length).equals(Buffer.from(HEAD))
        )
          throw new BadBackup('it is no backup of Simmer');
        return;
      }
      if (end !== null) throw new BadBackup('it is damaged: there is something behind its end');
      const text = left.subarray(0, at).toString('utf8');
      const isEnd = head !== null && text.startsWith(END);
      if (!isEnd) hash.update(left.subarray(0, at + 1));
      left = left.subarray(at + 1);
      await line(text);
    }
  };

  try {
    const file = createReadStream(path);
    const unzipped = file.pipe(createGunzip());
    file.once('error', (error) => unzipped.destroy(error));
    for await (const chunk of unzipped as AsyncIterable<Buffer>) {
      left = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
      await consume();
    }
  } catch (error) {
    throw asBadBackup(error);
  }
  if (head === null) throw new BadBackup('it is empty');
  if (end === null || left.length > 0) throw new BadBackup('it is cut off: its end is missing');
  return { head, end };
}

function readHead(text: string): BackupHead {
  if (!text.startsWith(HEAD)) throw new BadBackup('it is no backup of Simmer');
  let head: BackupHead;
  try {
    head = JSON.parse(text.slice(HEAD.length)) as BackupHead;
  } catch {
    throw new BadBackup('it is damaged: its first line cannot be read');
  }
  if (head.format !== FORMAT)
    throw new BadBackup(
      `it has the form ${head.format}, and this version of Simmer reads ${FORMAT}: use the version that made it (${head.version}), or a newer one`,
    );
  return head;
}

function asBadBackup(error: unknown): unknown {
  const { code = '' } = error as { code?: string };
  if (code === 'Z_BUF_ERROR') return new BadBackup('it is cut off');
  if (code === 'Z_DATA_ERROR' || code === 'Z_STREAM_END')
    return new BadBackup('it is damaged, or no backup of Simmer');
  if (error instanceof SyntaxError) return new BadBackup('it is damaged: a line cannot be read');
  return error;
}
