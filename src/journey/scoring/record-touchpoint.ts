import { cut } from '../../domain/text.ts';
import type { Database, Queue } from '../ports.ts';

export interface TouchpointNote {
  subscriberId: number;
  /** phone-call, trade-fair …: what rules name. */
  name: string;
  note: string;
  staffEmail: string;
}

/** Staff met or called a lead: it lands on the same profile and ledger. False when there is no such lead. */
export async function recordTouchpoint(
  { database, queue }: { database: Pick<Database, 'inTransaction'>; queue: Pick<Queue, 'add'> },
  { subscriberId, name, note, staffEmail }: TouchpointNote,
  now: Date,
): Promise<boolean> {
  const isKnown = await database.inTransaction(async ({ subscribers, ledger, audit }) => {
    if (!(await subscribers.lock(subscriberId))) return false;
    const details: Record<string, string> = { by: staffEmail };
    if (note.trim() !== '') details.note = cut(note.trim(), 2000);
    await ledger.record([{ kind: 'touchpoint', at: now, subscriberId, name, details }]);
    await audit.add({ at: now, staffEmail, act: 'note-added', subject: name, subscriberId });
    return true;
  });
  if (isKnown) await queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
  return isKnown;
}
