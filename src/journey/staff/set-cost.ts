import type { Database } from '../ports.ts';

/** What the programme cost in a month. `month` is its first day, YYYY-MM-DD; `amount` in the programme's currency. */
export async function setCost(
  { database }: { database: Pick<Database, 'inTransaction'> },
  { month, amount, note, staffEmail }: { month: string; amount: number; note: string; staffEmail: string },
  now: Date,
): Promise<void> {
  await database.inTransaction(async ({ overview, audit }) => {
    const before = (await overview.costs()).find((cost) => cost.month === month);
    await overview.setCost({ month, amount, note, at: now, staffEmail });
    const details = { amount, before: before?.amount ?? null };
    await audit.add({ at: now, staffEmail, act: 'cost-set', subject: month.slice(0, 7), details });
  });
}
