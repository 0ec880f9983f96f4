import { emptyFieldsFilled } from '../../domain/audience/profile-field.ts';
import { usualTimeZone } from '../../domain/audience/time-zone.ts';
import { touchedBy } from '../../domain/audience/touch.ts';
import type { TouchpointRow } from '../../domain/scoring/touchpoint-file.ts';
import type { Database, Stores } from '../ports.ts';

/** `known`: this row was read before. */
export type RowOutcome = 'recorded' | 'recorded, new lead' | 'known';

export interface ImportedRow {
  line: number;
  email: string;
  outcome: RowOutcome;
}

/**
 * Puts people met elsewhere on their profiles: each row by itself, so that reading a list again, or after it broke off,
 * adds only what is missing. New addresses become pending leads; nobody is mailed, since a list is no consent. With
 * `isDryRun` nothing is written and the answer is what would be.
 */
export async function importTouchpoints(
  { database }: { database: Database },
  {
    rows,
    source,
    isDryRun,
    by,
  }: { rows: readonly TouchpointRow[]; source: string; isDryRun: boolean; by: string },
  now: Date,
): Promise<ImportedRow[]> {
  const done: ImportedRow[] = [];
  const added = new Set<string>();
  const seen = new Set<string>();
  for (const row of rows) {
    const { line, email } = row;
    const outcome = isDryRun
      ? await foresee(database.stores, row, added, seen)
      : await database.inTransaction((stores) => takeRow(stores, row, source, now));
    done.push({ line, email, outcome });
  }
  const recorded = done.filter(({ outcome }) => outcome !== 'known').length;
  if (!isDryRun && recorded > 0)
    await database.stores.audit.add({
      at: now,
      staffEmail: by,
      act: 'touchpoints-imported',
      subject: source,
      details: { recorded },
    });
  return done;
}

async function foresee(
  stores: Stores,
  row: TouchpointRow,
  added: Set<string>,
  seen: Set<string>,
): Promise<RowOutcome> {
  if (seen.has(row.key) || (await stores.touchpoints.isKnown(row.key))) return 'known';
  seen.add(row.key);
  if (added.has(row.email) || (await stores.subscribers.findByEmail(row.email))) return 'recorded';
  added.add(row.email);
  return 'recorded, new lead';
}

async function takeRow(stores: Stores, row: TouchpointRow, source: string, now: Date): Promise<RowOutcome> {
  if (await stores.touchpoints.isKnown(row.key)) return 'known';
  const { email, profile, language, touchpoint, note, at, key } = row;
  const added = await stores.subscribers.add({
    email,
    ...profile,
    language,
    timeZone: usualTimeZone(language),
    source: { form: source },
    at: now,
  });
  const id = added ?? (await stores.subscribers.findByEmail(email))?.id;
  const lead = id === undefined ? null : await stores.subscribers.lock(id);
  if (!lead) throw new Error('a person of a list was neither added nor found by the address');
  await stores.subscribers.change(lead.id, {
    ...emptyFieldsFilled(lead, profile),
    ...touchedBy(lead, { source: { form: source }, at }),
  });
  const details: Record<string, string> = { source, ...(note === '' ? {} : { note }) };
  await stores.ledger.record([
    { kind: 'touchpoint', at, subscriberId: lead.id, name: touchpoint, details, key },
  ]);
  return added === null ? 'recorded' : 'recorded, new lead';
}
