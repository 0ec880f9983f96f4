import { thresholdFor } from '../../../domain/scoring/qualify.ts';
import { dedupeKey, ruleOfEvent, type ScoredLead } from '../../../domain/scoring/score.ts';
import type { CompiledRules } from '../../../domain/scoring/score-rules.ts';
import type { Causes, EventContext, ResolvedEvent } from '../ports/ledger.ts';

// What has to be known before events are scored: which causes to look up, which leads to look at closely, what each found.

type Leads = ReadonlyMap<number, ScoredLead>;

/** Names a cause of a lead. */
export const causeName = (subscriberId: number, dedupeKey: string): string => `${subscriberId} ${dedupeKey}`;

/** The cause that a sent mail counts by. */
export const sentCause = (deliveryId: number): string => `mail:d${deliveryId}`;

/** The causes of these events, to be looked up. */
export function causesOf(arrived: readonly ResolvedEvent[], leads: Leads, book: CompiledRules): Causes {
  const causes: Causes = { entries: [], sentDeliveryIds: [] };
  for (const { leadEvent, subscriberId, link } of arrived) {
    if (leadEvent.kind === 'mail-sent') {
      causes.sentDeliveryIds.push(leadEvent.deliveryId);
      continue;
    }
    const key = dedupeKey(leadEvent, leads.get(subscriberId)!.round, ruleOfEvent(leadEvent, link, book));
    if (key !== null) causes.entries.push({ subscriberId, dedupeKey: key });
  }
  return causes;
}

/** Those who could become an SQL by these events, if they earn all their points: few, so mostly none. */
export function mayQualify(arrived: readonly ResolvedEvent[], leads: Leads, book: CompiledRules): number[] {
  const reach = new Map<number, number>();
  for (const { leadEvent, subscriberId, link } of arrived) {
    const points = Math.max(0, ruleOfEvent(leadEvent, link, book)?.points ?? 0);
    reach.set(subscriberId, (reach.get(subscriberId) ?? 0) + points);
  }
  return [...leads.values()]
    .filter(
      (lead) =>
        lead.stage !== 'sql' &&
        !lead.hasOpenQualification &&
        lead.score + (reach.get(lead.id) ?? 0) >= thresholdFor(lead, book.scoring),
    )
    .map(({ id }) => id);
}

/** What each event found, by the leads as they are before the events, in their order. */
export function eventContextsOf(
  resolved: readonly ResolvedEvent[],
  leads: Leads,
  isCounted: (causeName: string) => boolean,
): EventContext[] {
  const inThisBatch = new Map<number, number>();
  const seen = new Set<string>();
  return resolved.map(({ leadEvent, subscriberId }) => {
    const lead = leads.get(subscriberId)!;
    if (leadEvent.kind === 'form') return lead.round === 0 ? {} : { round: lead.round };
    if (leadEvent.kind !== 'mail-sent') return {};
    const name = causeName(subscriberId, sentCause(leadEvent.deliveryId));
    if (isCounted(name) || seen.has(name)) return { again: true };
    seen.add(name);
    const before = inThisBatch.get(subscriberId) ?? 0;
    inThisBatch.set(subscriberId, before + 1);
    return { stage: lead.stage, number: lead.mailsSent + before + 1 };
  });
}
