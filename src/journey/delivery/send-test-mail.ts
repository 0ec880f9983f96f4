import type { IssueMail } from '../../domain/mail/mails.ts';
import type { Database, Queue } from '../ports.ts';

/**
 * Sends a previewed mail to a member of staff, by the same road as every other mail. It belongs to no issue and no
 * reader: nothing is counted, its links lead straight to their targets, and its subject and a header say that it is a test.
 */
export async function sendTestMail(
  { database, queue }: { database: Pick<Database, 'inTransaction'>; queue: Pick<Queue, 'add'> },
  { mail, language, to, of }: { mail: IssueMail; language: string; to: string; of: string },
  now: Date,
): Promise<void> {
  await database.inTransaction(async ({ outbox, audit }) => {
    await outbox.add({
      kind: 'issue',
      dedupeKey: `test:${to}:${now.toISOString()}`,
      to,
      language,
      data: { ...mail, isTest: true },
      subscriberId: null,
      dueAt: now,
      at: now,
    });
    await audit.add({ at: now, staffEmail: to, act: 'test-mail-sent', subject: of });
  });
  await queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
}
