import type { SalesReminderMail } from '../../domain/mail/mails.ts';
import type { Database } from '../ports.ts';

/** A reminder that has waited for the mail server is dropped when somebody has acted meanwhile. */
export async function checkReminder(
  deps: { database: Pick<Database, 'inTransaction'> },
  mail: { subscriberId: number | null; data: unknown },
): Promise<{ send: true; data: SalesReminderMail } | { send: false; reason: string }> {
  return deps.database.inTransaction(async ({ sales }) => {
    const open = mail.subscriberId === null ? null : await sales.openQualification(mail.subscriberId);
    if (!open) return { send: false, reason: 'sales has answered already' };
    if (open.claimedBy !== null) return { send: false, reason: `${open.claimedBy} has taken this lead` };
    if (await sales.latestOutcome(open.id)) return { send: false, reason: 'sales has answered already' };
    return { send: true, data: mail.data as SalesReminderMail };
  });
}
