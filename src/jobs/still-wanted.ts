import type { OutboxMail } from '../journey/delivery/ports.ts';
import type { StillWanted } from '../journey/delivery/send-outbox.ts';
import { type CheckAccountAlertDeps, checkAccountAlert } from '../journey/sales/check-account-alert.ts';
import { type CheckAlertDeps, checkAlert } from '../journey/sales/check-alert.ts';
import { checkReminder } from '../journey/sales/check-reminder.ts';

/** Asks the stage that knows, for mails to sales; null for all others. */
export async function stillWanted(
  deps: CheckAlertDeps & CheckAccountAlertDeps,
  mail: OutboxMail,
  now: Date,
): Promise<StillWanted | null> {
  switch (mail.kind) {
    case 'sales-alert':
      return checkAlert(deps, mail.id, now);
    case 'sales-reminder':
      return checkReminder(deps, mail);
    case 'account-alert':
      return checkAccountAlert(deps, mail.id, now);
    default:
      return null;
  }
}
