import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import { mailedLead } from '../../domain/sales/alert-mail.ts';
import { quickAnswers } from '../../domain/sales/quick-answers.ts';
import { reminderFor } from '../../domain/sales/reminder.ts';
import type { Database } from '../ports.ts';
import type { UnclaimedQualification } from './ports/qualifications.ts';

/** Those waiting longest come first; the rest have their turn at the next look. */
const MOST_AT_ONCE = 500;

export interface RemindSalesDeps {
  database: Database;
  programme: Programme;
  links: Links;
}

/**
 * Plans a reminder for each alerted lead that nobody has taken or answered for too long, and later an escalation. Each
 * is noted and planned in one transaction, so that any number of workers may look, and each comes once. Says how many.
 */
export async function remindSales(
  deps: RemindSalesDeps,
  now: Date,
): Promise<{ reminders: number; escalations: number }> {
  const planned = { reminders: 0, escalations: 0 };
  const { sales } = deps.programme;
  if (sales.remindAfterMs === null && sales.escalateAfterMs === null) return planned;
  for (const unclaimed of await deps.database.stores.sales.unclaimed(MOST_AT_ONCE)) {
    const nudge = reminderFor(unclaimed, sales, now);
    if (nudge === null || !(await plan(deps, unclaimed, nudge, now))) continue;
    planned[nudge === 'reminder' ? 'reminders' : 'escalations'] += 1;
  }
  return planned;
}

function plan(
  { database, programme, links }: RemindSalesDeps,
  unclaimed: UnclaimedQualification,
  nudge: 'reminder' | 'escalation',
  now: Date,
): Promise<boolean> {
  const { id, subscriberId, handedTo } = unclaimed;
  return database.inTransaction(async ({ sales, subscribers, outbox }) => {
    if (!(await sales.noteNudge(id, nudge, now))) return false;
    const lead = await subscribers.find(subscriberId);
    const qualification = await sales.findQualification(id);
    if (!lead || !qualification) return false;
    await outbox.add({
      kind: 'sales-reminder',
      dedupeKey: `${nudge}:${id}`,
      to: nudge === 'reminder' ? handedTo : programme.sales.escalateTo,
      language: programme.defaultLanguage,
      data: {
        lead: mailedLead(lead),
        score: lead.score,
        qualifiedAt: qualification.at.toISOString(),
        timeZone: programme.sales.officeHours.timeZone,
        escalatedFrom: nudge === 'escalation' ? handedTo : null,
        profileUrl: links.profile(lead.id),
        answers: quickAnswers(links, lead.id, id),
      },
      subscriberId,
      dueAt: now,
      at: now,
    });
    return true;
  });
}
