import type { Reason } from '../../../domain/reason.ts';
import type { LedgerHistory } from '../../../domain/scoring/apply-event.ts';
import type { ApiKind, LeadEvent } from '../../../domain/scoring/lead-event.ts';
import type { CountedEntry, Reversal } from '../../../domain/scoring/reversal.ts';
import type { NewScoreEntry, ScoredLead } from '../../../domain/scoring/score.ts';
import type { ClickedLink } from '../../../domain/scoring/score-rules.ts';
import type { HitClass, Verdict } from '../../../domain/tracking/hit.ts';
import type { SentMail } from '../../delivery/ports/deliveries.ts';

/** The ledger as stages use it: they put in what happened, and points come of it (../ledger.ts decides how many). */
export interface Ledger {
  /**
   * Writes events, score entries, the new score and any crossing of the threshold (stage, qualification, alert in the
   * outbox), in the transaction it is called in. Leads are locked in id order, so parallel calls take turns. An event
   * whose key is known already is left out.
   */
  record(leadEvents: readonly LeadEvent[]): Promise<Recorded>;
  /** Counts mails as sent, in one transaction. Counting one again does nothing. */
  countSent(mails: readonly SentMail[]): Promise<void>;
  /** Counts what dead workers (lease over) had settled and not counted. Says how many. */
  countLeft(now: Date): Promise<number>;
  /**
   * Events that turned out to be something else: the class is changed, and what it was is kept. Each entry of what is a
   * machine's now is taken back by another one, never below the floor; what is a person's now is counted, at its own time.
   * Their leads have to be held already.
   */
  reclass(changes: readonly ClassChange[], at: Date): Promise<Recorded>;
  /** A line of the ledger without points: what somebody of the staff did, for who reads it later. The lead has to be held. */
  note(line: LedgerNote): Promise<void>;
}

export interface Recorded {
  /** Leads that became SQL by this call, with the outbox id of their alert. */
  qualified: { subscriberId: number; qualificationId: number; alertId: number; alertDueAt: Date }[];
}

export interface ClassChange {
  eventId: number;
  verdict: Verdict;
  /** Who of the staff said so; left out when a rule did. */
  decidedBy?: string;
}

export interface LedgerNote {
  subscriberId: number;
  deliveryId: number | null;
  at: Date;
  rule: string;
  dedupeKey: string;
  cause: Reason;
}

/**
 * The rows of the ledger: reads, holds and writes, each for many at once, so that a batch of hundreds costs a handful of
 * statements. What they are worth is decided in ../ledger/.
 */
export interface LedgerStore {
  /**
   * Finds whose deliveries these are and what was clicked. Events of deliveries that are gone are left out. What an
   * article is about is looked up only `withInterests`: few programmes have rules that ask. Who does not want to be measured
   * is left out too, unless `isRecorded`: what happened before is counted by the same rules as everybody's.
   */
  resolve(
    leadEvents: readonly LeadEvent[],
    options: { withInterests: boolean; isRecorded: boolean },
  ): Promise<ResolvedEvent[]>;
  /** Holds the leads' rows, in id order so that parallel calls never wait in a circle, and reads them. */
  lockLeads(ids: readonly number[]): Promise<Map<number, ScoredLead>>;
  /** What each rule gave each lead since sales sent it back last. */
  roundPoints(ids: readonly number[]): Promise<Map<number, Map<string, number>>>;
  /** Those of the leads who did more than open mails since sales had them last, by entries that stand; `noActs`: rules that are none. */
  actedSinceReturn(ids: readonly number[], noActs: readonly string[]): Promise<Set<number>>;
  /** The points of causes that only hits in doubt stand for, by lead and cause, since sales had the lead last. */
  doubtsSinceReturn(ids: readonly number[]): Promise<Map<number, Map<string, number>>>;
  /** Which of these causes have been counted before, and since when. */
  countedBefore(causes: Causes): Promise<CountedCause[]>;
  /** The ledgers of these leads, in order of time. */
  histories(ids: readonly number[]): Promise<Map<number, LedgerHistory>>;
  /** Keeps every event raw. Returns the event ids, in the given order; null for one whose key is known already. */
  insertEvents(
    resolved: readonly ResolvedEvent[],
    contexts: readonly EventContext[],
  ): Promise<(number | null)[]>;
  /** The stage that these found, where something earlier in their batch changed it. */
  writeStages(contexts: readonly EventContext[]): Promise<void>;
  insertEntries(entries: readonly EntryRow[], ruleVersion: string): Promise<void>;
  /** Writes the leads back. Their rows are held, so what was read is what is replaced. */
  updateLeads(changes: readonly LeadChange[]): Promise<void>;
  /** Events that were recorded, to be counted once more, with their ids. */
  readLeadEvents(ids: readonly number[]): Promise<Map<LeadEvent, number>>;
  /** Changes classes and keeps what they were, of the visits that a click led to as well. Returns what was changed. */
  changeClasses(changes: readonly ClassChange[], at: Date): Promise<ChangedEvent[]>;
  /** The entries of these events that stand, but for those of `noActs`, oldest first. */
  standingEntries(
    eventIds: readonly number[],
    noActs: readonly string[],
  ): Promise<(CountedEntry & { subscriberId: number })[]>;
  /** The entry that is taken back stays as it is, its points and its cause; only its key is freed. */
  writeReversals(reversals: readonly Reversal[], at: Date, ruleVersion: string): Promise<void>;
  /** Makes the score the sum of the ledger, and the last act that of the last event which is not a machine's. */
  correctLeads(ids: readonly number[], at: Date): Promise<void>;
  /** What people did and one of these machines' events did before them. */
  sameActs(machineEventIds: readonly number[]): Promise<number[]>;
}

/** An event with its lead and, for a click, the line of the link table. */
export interface ResolvedEvent {
  leadEvent: LeadEvent;
  subscriberId: number;
  link: ClickedLink | null;
}

/**
 * What an event found, where its worth depends on it. It is kept with the event, so that a replay of history comes to
 * the same points without knowing what else went on.
 */
export interface EventContext {
  eventId?: number;
  /** Of a sent mail: what the lead was, which of its mails this is, and whether it was counted before. */
  stage?: string;
  number?: number;
  again?: boolean;
  /** Of a form: the round of warming; left out in the first one. */
  round?: number;
}

/** What is looked up to tell what has been counted before. */
export interface Causes {
  entries: { subscriberId: number; dedupeKey: string }[];
  /** A sent mail counts by its event, which each has; an entry is made of few. */
  sentDeliveryIds: number[];
}

export interface CountedCause {
  subscriberId: number;
  /** 'mail:d5' for a sent mail. */
  dedupeKey: string;
  at: Date;
}

export interface EntryRow extends NewScoreEntry {
  subscriberId: number;
  /** Null: no single event brought it about. */
  eventId: number | null;
}

export interface LeadChange {
  /** As it was when its row was taken hold of. */
  before: ScoredLead;
  lead: ScoredLead;
  /** The last act of the lead itself in this batch; null when it did nothing. */
  actedAt: Date | null;
}

export interface ChangedEvent {
  id: number;
  subscriberId: number;
  class: HitClass;
}

/** An event that belongs to a known address. */
export type OfSubscriber = Extract<LeadEvent, { kind: ApiKind }>;

export interface TouchpointStore {
  /** Whose click this was, and what it is taken for now. Null when it is not known (yet). */
  findClick(key: string): Promise<{ subscriberId: number; class: HitClass } | null>;
  /** Whether something with this key was recorded. */
  isKnown(key: string): Promise<boolean>;
  /**
   * Keeps what was done under an address that nobody has proven. For null the database is asked as well: how long it takes
   * tells nobody whether the address is known.
   */
  hold(leadEvent: OfSubscriber | null, now: Date): Promise<void>;
  /** Takes out what was held for this address, oldest first. */
  release(subscriberId: number): Promise<LeadEvent[]>;
  /** Active readers for whom downloads are held. */
  readersWithDownloads(limit: number): Promise<number[]>;
  /** Takes out the downloads that were held for this reader, oldest first. */
  releaseDownloads(subscriberId: number): Promise<Extract<LeadEvent, { kind: 'download' }>[]>;
}
