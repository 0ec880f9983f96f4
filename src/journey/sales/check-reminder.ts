import type { SalesReminderMail } from '../../domain/mail/mails.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Database } from '../ports.ts';

/** A reminder that has waited for the mail server is dropped when somebody has acted meanwhile. */
export async function checkReminder(
  deps: { database: Pick<Database, 'inTransaction'> },
  mail: { subscriberId: number | null; data: unknown },
): Promise<{ send: true; data: SalesReminderMail } | { send: false; reason: Reason }> {
  return deps.database.inTransaction(async ({ sales }) => {
    const open = mail.subscriberId === null ? null : await sales.openQualification(mail.subscriberId);
    if (!open) return { send: false, reason: { code: 'alert.answered' } };
    if (open.claimedBy !== null)
      return { send: false, reason: { code: 'alert.taken', values: { who: open.claimedBy } } };
    if (await sales.latestOutcome(open.id)) return { send: false, reason: { code: 'alert.answered' } };
    return { send: true, data: mail.data as SalesReminderMail };
  });
}
