import { csvRecords } from '../../domain/audience/people-file/csv.ts';
import { openPeopleFile, type UnusableFile } from '../../domain/audience/people-file/people-file.ts';
import type { Programme } from '../../domain/programme.ts';
import { inSlices } from '../in-slices.ts';
import type { Database, Queue } from '../ports.ts';

type Deps = { database: Pick<Database, 'inTransaction'> };

/** Checks a file of people row by row and keeps it. Nobody is added: that is `importPeople`, after somebody has looked. */
export async function checkPeople(
  { database, programme }: Deps & { programme: Programme },
  file: { name: string; text: string; staffEmail: string },
  now: Date,
): Promise<{ importId: number } | { unusable: UnusableFile }> {
  const records = await inSlices(csvRecords(file.text));
  const opened = openPeopleFile(records, { ...programme, now, fileName: file.name });
  if ('unusable' in opened) return opened;
  const rows = await inSlices(opened.rows());
  const { staffEmail } = file;
  const importId = await database.inTransaction(async ({ imports, audit }) => {
    const id = await imports.add({ ...opened.reading, rows, at: now, staffEmail, fileName: file.name });
    await audit.add({
      at: now,
      staffEmail,
      act: 'people-checked',
      subject: file.name,
      details: { import: id },
    });
    return id;
  });
  return { importId };
}

/** Throws a checked file away. False when it has begun, or is gone. */
export async function discardImport(
  { database }: Deps,
  { importId, staffEmail }: { importId: number; staffEmail: string },
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async ({ imports, audit }) => {
    const file = await imports.find(importId);
    if (!file || !(await imports.discard(importId, now))) return false;
    await audit.add({
      at: now,
      staffEmail,
      act: 'import-discarded',
      subject: file.fileName,
      details: { import: importId },
    });
    return true;
  });
}

/** Lets a checked file begin. False when it has begun, or was discarded. */
export async function beginImport(
  { database, queue }: Deps & { queue: Pick<Queue, 'add'> },
  { importId, staffEmail }: { importId: number; staffEmail: string },
  now: Date,
): Promise<boolean> {
  const hasBegun = await database.inTransaction(async ({ imports, audit }) => {
    if (!(await imports.begin(importId))) return false;
    const file = await imports.find(importId);
    const details = { import: importId, rows: file?.good ?? 0 };
    await audit.add({ at: now, staffEmail, act: 'people-imported', subject: file?.fileName ?? '', details });
    return true;
  });
  if (hasBegun) await queue.add({ name: 'import-people', importId }, { key: `import-people ${importId}` });
  return hasBegun;
}
