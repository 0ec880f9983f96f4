import { applyEvent, type LedgerHistory, lineOf, sureNow } from '../../../domain/scoring/apply-event.ts';
import type { LeadEvent } from '../../../domain/scoring/lead-event.ts';
import { causeOfKey, type LedgerLine } from '../../../domain/scoring/ledger-balance.ts';
import { actTime, isDoubted, type QualificationTrigger } from '../../../domain/scoring/qualify.ts';
import { ruleOfEvent, type ScoredLead } from '../../../domain/scoring/score.ts';
import type { CompiledRules } from '../../../domain/scoring/score-rules.ts';
import type { EntryRow, EventContext, LeadChange, ResolvedEvent } from '../ports/ledger.ts';
import { causeName, sentCause } from './look-ups.ts';

/** An event that is written, with what it found. */
export interface WrittenEvent extends ResolvedEvent {
  eventId: number;
  found: EventContext;
}

/** What is known before the first of the events. */
export interface Before {
  leads: ReadonlyMap<number, ScoredLead>;
  /** Since when causes have been counted, by `causeName`. */
  counted: ReadonlyMap<string, Date>;
  /** Of leads to whom something happened late. */
  histories: ReadonlyMap<number, LedgerHistory>;
  /** The events were counted before and are counted anew, since what they are taken for changed. */
  isAgain: boolean;
}

interface LeadMoment {
  subscriberId: number;
  at: Date;
}

/** What follows from events: all that is to be written. */
export interface Scored {
  entries: EntryRow[];
  changes: LeadChange[];
  /** Leads that become SQL now. */
  crossings: (LeadMoment & { qualificationTrigger: QualificationTrigger })[];
  /** Sent mails that found their lead otherwise than it was before the batch. */
  foundOtherwise: EventContext[];
  /** Calls asked for while the alert waited: it goes at once. */
  callRequests: LeadMoment[];
  /** Hits in doubt while the alert waited: it waits on. */
  doubts: LeadMoment[];
}

/** Where a click becomes points: goes through events in order of time, one after the other, as each is worth what those before it left. */
export function scoreEvents(known: readonly WrittenEvent[], before: Before, book: CompiledRules): Scored {
  const leads = new Map(before.leads);
  const counted = new Map(before.counted);
  const histories = new Map(before.histories);
  const changes = new Map<number, LeadChange>();
  const scored: Omit<Scored, 'changes'> = {
    entries: [],
    crossings: [],
    foundOtherwise: [],
    callRequests: [],
    doubts: [],
  };
  for (const { leadEvent, subscriberId, link, eventId, found } of known) {
    const lead = leads.get(subscriberId)!;
    const past = histories.get(subscriberId) ?? null;
    const { at } = leadEvent;
    const countedSince = (key: string) => counted.get(causeName(subscriberId, key)) ?? false;
    const told = applyEvent(lead, leadEvent, link, countedSince, book, past);
    const isCounted = before.isAgain && told.entries.length === 0 && told.qualificationTrigger === null;
    const rule = isCounted && isOfRound(past, leadEvent) ? ruleOfEvent(leadEvent, link, book) : null;
    const taken = isCounted ? sureNow(told, leadEvent, rule, book) : told;

    for (const { dedupeKey } of taken.entries)
      counted.set(causeName(subscriberId, causeOfKey(dedupeKey)), at);
    if (leadEvent.kind === 'mail-sent') {
      counted.set(causeName(subscriberId, sentCause(leadEvent.deliveryId)), at);
      if (found.stage !== lead.stage) scored.foundOtherwise.push({ ...found, stage: lead.stage, eventId });
    }
    scored.entries.push(...taken.entries.map((entry) => ({ ...entry, subscriberId, eventId })));
    if (past) histories.set(subscriberId, { ...past, lines: withLines(past, taken.entries.map(lineOf)) });
    if (lead.hasOpenQualification) {
      // Another form proves a person, but not that the clicks before it were one's: those wait out their window.
      const isCallRequest = leadEvent.kind === 'form' && ruleOfEvent(leadEvent, link, book)?.sqlAtOnce;
      if (isCallRequest) scored.callRequests.push({ subscriberId, at });
      if (isDoubted(leadEvent)) scored.doubts.push({ subscriberId, at });
    }
    const { qualificationTrigger } = taken;
    if (qualificationTrigger) scored.crossings.push({ subscriberId, at, qualificationTrigger });
    leads.set(subscriberId, taken.lead);
    const change = changes.get(subscriberId);
    const actedAt = latest(change?.actedAt ?? null, actTime(leadEvent));
    if (taken.lead !== lead || actedAt)
      changes.set(subscriberId, { before: change?.before ?? lead, lead: taken.lead, actedAt });
  }
  return { ...scored, changes: [...changes.values()] };
}

/** Whether it belongs to the present round of warming. */
const isOfRound = (past: LedgerHistory | null, { at }: LeadEvent) =>
  past?.returnedAt == null || at >= past.returnedAt;

/** In order of time, as balancing wants them. */
function withLines(past: LedgerHistory, lines: readonly LedgerLine[]): LedgerLine[] {
  return [...past.lines, ...lines].sort((a, b) => a.at - b.at);
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
