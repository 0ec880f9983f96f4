import type { SalesAlertMail } from '../../domain/delivery/mails.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import { checkAlert as decide } from '../../domain/sales/alert-check.ts';
import { salesAlertMail } from '../../domain/sales/alert-mail.ts';
import type { Database } from '../ports.ts';

const ENTRIES_IN_ALERT = 60;

export type AlertAnswer = { send: true; data: SalesAlertMail } | { send: false; reason: string };

/**
 * Looks at the lead once more when its alert is about to be sent, and gives the alert as it reads now: while it waited
 * the lead may have done more, or points may have been taken back. A lead that had not earned it is warmed again.
 */
export async function checkAlert(
  deps: { database: Pick<Database, 'inTransaction'>; programme: Programme; links: Links },
  outboxId: number,
  now: Date,
): Promise<AlertAnswer> {
  const { programme, links } = deps;
  return deps.database.inTransaction(async ({ sales, subscribers }) => {
    const found = await sales.findByAlert(outboxId);
    const lead = found && (await subscribers.lock(found.subscriberId));
    const qualification = lead && (await sales.findQualification(found.id));
    if (!lead || !qualification) return { send: false, reason: 'there is no qualification for this alert' };

    const verdict = decide(lead, qualification, programme.scoring);
    if (!verdict.send) {
      if (verdict.returnsLead && (await sales.closeQualification(qualification.id, now)))
        await sales.setStage(lead.id, lead.isCustomer ? 'customer' : 'mql', lead.isCustomer);
      return { send: false, reason: verdict.reason };
    }
    const entries = await sales.recentEntries(lead.id, ENTRIES_IN_ALERT);
    return {
      send: true,
      data: salesAlertMail(lead, qualification, entries, programme, links.profile(lead.id)),
    };
  });
}
