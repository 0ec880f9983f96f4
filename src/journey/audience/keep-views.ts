import type { Database } from '../ports.ts';

type Deps = { database: Pick<Database, 'inTransaction'> };

/** Keeps a search under a name of one's own; a second one under the same name replaces the first. */
export async function saveView(
  { database }: Deps,
  { name, query, staffEmail }: { name: string; query: string; staffEmail: string },
  now: Date,
): Promise<void> {
  await database.inTransaction(async ({ savedViews, audit }) => {
    const before = (await savedViews.list(staffEmail)).find((view) => view.name === name);
    await savedViews.save({ ownerEmail: staffEmail, name, query, at: now });
    const details = before ? { query, before: before.query } : { query };
    await audit.add({ at: now, staffEmail, act: 'view-saved', subject: name, details });
  });
}

/** False when it was none of one's own. */
export async function deleteView(
  { database }: Deps,
  { id, staffEmail }: { id: number; staffEmail: string },
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async ({ savedViews, audit }) => {
    const view = (await savedViews.list(staffEmail)).find((one) => one.id === id);
    if (!view || !(await savedViews.remove(staffEmail, id))) return false;
    await audit.add({ at: now, staffEmail, act: 'view-deleted', subject: view.name });
    return true;
  });
}
