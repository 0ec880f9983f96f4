import { accountDomain } from '../../domain/audience/free-mail.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import type { Links } from '../../domain/links.ts';
import type { SalesAlertMail } from '../../domain/mail/mails.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Reason } from '../../domain/reason.ts';
import { reasonTeller, type Tell } from '../../domain/reason-text.ts';
import { checkAlert as decide } from '../../domain/sales/alert-check.ts';
import { salesAlertMail } from '../../domain/sales/alert-mail.ts';
import { qualifiedData } from '../../domain/sales/webhook-data.ts';
import { completenessOf, engagementOf, fitOf, priorityOf } from '../../domain/scoring/fit.ts';
import { scoreRules } from '../../domain/scoring/score-rules.ts';
import type { Database, Say, Stores } from '../ports.ts';
import { programmeInForce } from '../scoring/ledger/rules-in-force.ts';
import type { Qualification } from './ports/qualifications.ts';

const ENTRIES_IN_ALERT = 60;
const READS_IN_ALERT = 5;

export interface CheckAlertDeps {
  database: Pick<Database, 'inTransaction'>;
  programme: Programme;
  links: Links;
  say: Say;
}

export type AlertAnswer = { send: true; data: SalesAlertMail } | { send: false; reason: Reason };

/**
 * Looks at the lead once more when its alert is about to be sent, and gives the alert as it reads now: while it waited
 * the lead may have done more, or points may have been taken back. A lead that had not earned it is warmed again, and
 * nobody hears of it. Other programs are told in the same transaction, once, however often the mail is tried.
 */
export async function checkAlert(
  deps: CheckAlertDeps,
  outboxId: number,
  now: Date,
  language = deps.programme.defaultLanguage,
): Promise<AlertAnswer> {
  const { links, say } = deps;
  return deps.database.inTransaction(async (stores) => {
    const { sales, subscribers, webhooks } = stores;
    // The rules may have been changed since this process started.
    const programme = await programmeInForce(stores.rules, deps.programme);
    const found = await sales.findByAlert(outboxId);
    const lead = found && (await subscribers.lock(found.subscriberId));
    // Read again under the lock: sales may be answering at this very moment.
    const qualification = lead && (await sales.findQualification(found.id));
    if (!lead || !qualification) return { send: false, reason: { code: 'alert.unknown' } };

    const atOnce = scoreRules(programme).filter(({ sqlAtOnce }) => sqlAtOnce);
    const hasActAtOnce = await sales.hasActBy(
      lead.id,
      atOnce.map(({ id }) => id),
    );
    const hasActed = await sales.hasActed(lead.id);
    const doubts = await sales.doubts(lead.id);
    const verdict = decide(
      lead,
      { ...qualification, hasActAtOnce, hasActed, pointsInDoubt: doubts.points },
      programme.scoring,
    );
    if (!verdict.send) {
      if (verdict.returnsLead && (await sales.closeQualification(qualification.id, now)))
        await sales.setStage(lead.id, lead.isCustomer ? 'customer' : 'mql', lead.isCustomer);
      return { send: false, reason: verdict.reason };
    }
    const data = await writeAlert(stores, { programme, links, say, language }, lead, qualification);
    await webhooks.announce({
      type: 'lead.qualified',
      dedupeKey: `qualified:${qualification.id}`,
      at: now,
      data: qualifiedData(lead, qualification, data, links),
    });
    return { send: true, data };
  });
}

async function writeAlert(
  { sales, accounts }: Stores,
  { programme, links, say, language }: Omit<CheckAlertDeps, 'database'> & { language: string },
  lead: Subscriber,
  qualification: Qualification,
): Promise<SalesAlertMail> {
  const domain = accountDomain(lead.email, programme.sales.freeMailDomains);
  const tell = reasonTeller({ say, programme }, language);
  const members = domain === null ? [] : await accounts.members(domain);
  return salesAlertMail(
    {
      lead,
      qualification,
      fit: fitInAlert(lead, programme, tell),
      entries: await sales.recentEntries(lead.id, ENTRIES_IN_ALERT),
      reads: await sales.recentReads(lead.id, READS_IN_ALERT),
      wish: await sales.callWish(lead.id),
      hitsInDoubt: (await sales.doubts(lead.id)).hits,
      colleagues: members.filter(({ id, status }) => id !== lead.id && status === 'active'),
    },
    programme,
    links,
    language,
    tell,
  );
}

function fitInAlert(
  lead: Subscriber,
  { persona, scoring, sales }: Programme,
  tell: Tell,
): SalesAlertMail['fit'] {
  const { percent, reason } = fitOf(lead, persona, sales.freeMailDomains);
  const parts = {
    engagement: engagementOf(lead, scoring),
    fit: percent,
    completeness: completenessOf(lead),
  };
  const words = reason === null ? '' : tell(reason);
  return { percent, words, reason, priority: Math.round(priorityOf(parts, persona.weights)) };
}
