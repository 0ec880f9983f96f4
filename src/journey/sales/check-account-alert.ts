import { localDay } from '../../domain/delivery/schedule.ts';
import type { Links } from '../../domain/links.ts';
import type { AccountAlertMail } from '../../domain/mail/mails.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Reason } from '../../domain/reason.ts';
import { accountCrosses, asAccountLeads, jointWarmth } from '../../domain/sales/account.ts';
import { accountAlertMail } from '../../domain/sales/account-mail.ts';
import type { Database } from '../ports.ts';

export interface CheckAccountAlertDeps {
  database: Pick<Database, 'inTransaction'>;
  programme: Programme;
  links: Links;
}

/** Looks at the account once more when its alert is about to be sent. One that cooled down is closed, and armed again. */
export async function checkAccountAlert(
  deps: CheckAccountAlertDeps,
  outboxId: number,
  now: Date,
): Promise<{ send: true; data: AccountAlertMail } | { send: false; reason: Reason }> {
  const { programme, links } = deps;
  const threshold = programme.sales.accountThreshold;
  return deps.database.inTransaction(async ({ accounts }) => {
    const qualification = await accounts.findByAlert(outboxId);
    if (!qualification) return { send: false, reason: { code: 'alert.no-account' } };
    if (qualification.closedAt !== null) return { send: false, reason: { code: 'alert.answered' } };
    const today = localDay(now, programme.sales.officeHours.timeZone);
    const leads = asAccountLeads(await accounts.members(qualification.domain), today);
    const joint = jointWarmth(leads);
    const before = (await accounts.qualifications(qualification.domain)).findLast(
      ({ id }) => id < qualification.id,
    );
    const base = before?.base ?? 0;
    if (threshold === null || !accountCrosses(joint, base, threshold)) {
      await accounts.close(qualification.domain, Math.min(base, joint.warmth), now);
      return {
        send: false,
        reason: {
          code: 'alert.warmth-fell',
          values: { warmth: joint.warmth, needed: base + (threshold ?? 0) },
        },
      };
    }
    return {
      send: true,
      data: accountAlertMail(qualification.domain, leads, joint.warmth, base + threshold, links),
    };
  });
}
