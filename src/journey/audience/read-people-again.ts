import type { CsvRecord } from '../../domain/audience/people-file/csv.ts';
import {
  type Choice,
  recordOf,
  reopenPeopleFile,
  type UnusableFile,
} from '../../domain/audience/people-file/people-file.ts';
import type { Programme } from '../../domain/programme.ts';
import { inSlices } from '../in-slices.ts';
import type { Database } from '../ports.ts';

const CHUNK = 2000;

/**
 * Reads a file that waits once more, its columns taken for what somebody chose. False when it does not wait any more.
 */
export async function readPeopleAgain(
  { database, programme }: { database: Database; programme: Programme },
  { importId, choice, staffEmail }: { importId: number; choice: Choice; staffEmail: string },
  now: Date,
): Promise<boolean | { unusable: UnusableFile }> {
  const { imports } = database.stores;
  const file = await imports.find(importId);
  if (file?.status !== 'checked') return false;
  const records: CsvRecord[] = [];
  for (let after = 0; ; after = records.at(-1)!.line) {
    const rows = await imports.rows(importId, after, CHUNK);
    records.push(...rows.map(recordOf));
    if (rows.length < CHUNK) break;
  }
  const opened = reopenPeopleFile(
    file.columns,
    records,
    { ...programme, now, fileName: file.fileName },
    choice,
  );
  if ('unusable' in opened) return opened;
  const rows = await inSlices(opened.rows());
  return database.inTransaction(async (stores) => {
    if (!(await stores.imports.readAgain(importId, { ...opened.reading, rows }))) return false;
    await stores.audit.add({
      at: now,
      staffEmail,
      act: 'columns-changed',
      subject: file.fileName,
      details: { import: importId, ...choice },
    });
    return true;
  });
}
