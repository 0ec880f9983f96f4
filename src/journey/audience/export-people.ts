import { type PeopleFilter, writePeopleFilter } from '../../domain/audience/people-filter.ts';
import type { Database } from '../ports.ts';
import type { PersonRow } from './ports/people.ts';

/** Read at once: any number of people fits in the memory there is. */
const CHUNK = 2000;

/** The people a filter finds, in its order, in pieces. That somebody took them along is on record before the first. */
export async function exportPeople(
  { database }: { database: Pick<Database, 'stores'> },
  { filter, staffEmail }: { filter: PeopleFilter; staffEmail: string },
  now: Date,
): Promise<AsyncIterable<PersonRow[]>> {
  const { people, audit } = database.stores;
  await audit.add({ at: now, staffEmail, act: 'people-exported', subject: writePeopleFilter(filter) });
  return pieces((after) => people.page(filter, now, after, CHUNK));
}

async function* pieces(read: (after: string | null) => Promise<PersonRow[]>): AsyncGenerator<PersonRow[]> {
  for (let after: string | null = null; ; ) {
    const rows: PersonRow[] = await read(after);
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) return;
    after = last.cursor;
  }
}
