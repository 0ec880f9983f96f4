import type { OutboxMail } from '../journey/delivery/ports/outbox.ts';
import type { RecheckedMail } from '../journey/delivery/send-outbox.ts';
import { type CheckAccountAlertDeps, checkAccountAlert } from '../journey/sales/check-account-alert.ts';
import { type CheckAlertDeps, checkAlert } from '../journey/sales/check-alert.ts';
import { checkReminder } from '../journey/sales/check-reminder.ts';
import { processHits } from '../journey/tracking/process-hits.ts';

/** Asks the stage that knows, for mails to sales; null for all others. */
export async function recheckMail(
  deps: CheckAlertDeps & CheckAccountAlertDeps,
  mail: OutboxMail,
  now: Date,
): Promise<RecheckedMail | null> {
  switch (mail.kind) {
    case 'sales-alert':
      await takeInAll(deps, now);
      return checkAlert(deps, mail.id, now, mail.language);
    case 'sales-reminder':
      return checkReminder(deps, mail);
    case 'account-alert':
      return checkAccountAlert(deps, mail.id, now);
    case 'confirmation':
    case 'already-subscribed':
    case 'issue':
    case 'sign-in':
    case 'notice':
      return null;
  }
}

/** More rounds than any backlog needs. */
const MOST_ROUNDS = 1_000;

/**
 * Hits that are durable and still wait may show that a machine made the lead warm: after Postgres was away there are many.
 * What another process takes in at this moment holds its leads, and the check waits for those.
 */
async function takeInAll({ database, programme }: CheckAlertDeps, now: Date): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { taken } = await processHits({ database, machines: programme.machines }, now);
    if (taken === 0) return;
  }
}
