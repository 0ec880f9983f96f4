import type { Sales } from '../programme.ts';
import { afterOfficeTime } from './office-hours.ts';

/** A lead that nobody has taken or answered. */
export interface Unclaimed {
  /** When sales was alerted, as far as anybody knows. */
  alertedAt: Date;
  remindedAt: Date | null;
}

/**
 * What silence calls for now: a reminder when enough office time went by since the alert, and an escalation when
 * enough went by since the reminder. Without reminders the escalation counts from the alert. Null: not yet, or never.
 */
export function reminderFor(
  { alertedAt, remindedAt }: Unclaimed,
  sales: Pick<Sales, 'remindAfterMs' | 'escalateAfterMs' | 'officeHours'>,
  now: Date,
): 'reminder' | 'escalation' | null {
  const { remindAfterMs, escalateAfterMs, officeHours } = sales;
  const isOver = (from: Date, ms: number) => afterOfficeTime(from, ms, officeHours) <= now;
  if (remindedAt === null && remindAfterMs !== null)
    return isOver(alertedAt, remindAfterMs) ? 'reminder' : null;
  if (escalateAfterMs === null) return null;
  return isOver(remindedAt ?? alertedAt, escalateAfterMs) ? 'escalation' : null;
}
