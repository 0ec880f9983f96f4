import type { QualificationEnd } from '../../../domain/scoring/compare-crossings.ts';
import type { LeadProfile, PriorityFormula } from '../../../domain/scoring/fit.ts';
import type { LedgerLine } from '../../../domain/scoring/ledger-balance.ts';
import type { LeadHistory } from '../../../domain/scoring/replay.ts';
import type { RescoredEntry, StandingEntry } from '../../../domain/scoring/rescore.ts';
import type { KeptRules, RuleChange } from '../../../domain/scoring/rule-change.ts';
import type { RuleOutcomeStats } from '../../../domain/scoring/rule-proposals.ts';

/** All of the past, lead by lead. Reads one moment of the database, however long it takes; changes nothing. */
export interface HistoryStore {
  size(): Promise<{ leads: number; events: number }>;
  /** In order of lead. `withInterests`: some rule asks what an article was about. */
  read(withInterests: boolean): AsyncIterable<PastLead>;
  /** The last day that fading was written for, in milliseconds. */
  fadedUntil(): Promise<number | null>;
}

export interface PastLead extends LeadHistory {
  email: string;
  name: string | null;
  company: string | null;
  /** As it stands. */
  score: number;
  /** The sum of its ledger. */
  ledger: number;
  /** What really went to sales, oldest first; withdrawn alerts are left out. */
  qualifications: { at: number; closedAt: number | null; end: QualificationEnd }[];
}

export interface Rescoring {
  id: number;
  at: Date;
  by: string;
  version: string;
  previousVersion: string | null;
  change: RuleChange;
  finishedAt: Date | null;
  undoneAt: Date | null;
}

export interface RuleStore {
  /** Keeps a version; false when it is known already. */
  keepVersion(version: string, rules: KeptRules, at: Date, by: string): Promise<boolean>;
  findVersion(
    version: string,
  ): Promise<{ version: string; rules: KeptRules; adoptedAt: Date; adoptedBy: string } | null>;
  versions(): Promise<{ version: string; adoptedAt: Date; adoptedBy: string }[]>;
  /** The version under which the ledger was written last; null for an empty one. */
  latestScored(): Promise<string | null>;
  /** The change of rules that holds; null when the programme's own do. */
  inForce(): Promise<Rescoring | null>;
  /** From here on these rules score. */
  beginRescoring(rescoring: Omit<Rescoring, 'id' | 'finishedAt' | 'undoneAt'>): Promise<number>;
  finishRescoring(id: number, at: Date): Promise<void>;
  /** False when it was undone before. */
  markUndone(id: number, at: Date): Promise<boolean>;
  /** Ids of leads with anything in their past, in order. */
  leadsAfter(id: number, limit: number): Promise<number[]>;
  /** Inside a transaction: holds the leads and reads their past and ledgers. */
  holdHistories(ids: number[], withInterests: boolean): Promise<HeldHistory[]>;
  /** Inside that transaction: adds the entries and sets the score to the sum of the ledger. */
  writeRescored(
    entries: (RescoredEntry & { subscriberId: number })[],
    rescoringId: number | null,
    version: string,
  ): Promise<void>;
  /** What sales made of the qualifications that an act went before, by rule and by article. */
  sways(since: Date | null): Promise<{ rules: RuleOutcomeStats[]; articles: RuleOutcomeStats[] }>;
  /** What sales said last about each qualification, those without an answer left out. */
  answers(since: Date | null): Promise<QualificationEnd[]>;
  /** Leads whose acts may have faded since: those that earned something in this time. */
  leadsToFade(afterId: number, since: Date, limit: number): Promise<number[]>;
  noteFaded(day: Date, at: Date): Promise<void>;
  /** Inside a transaction: holds the leads and reads their ledgers, in order of time. */
  holdLedgers(ids: number[]): Promise<{ id: number; lines: readonly LedgerLine[] }[]>;
  /** Keeps how priority is made up, and forgets the fit of leads that were measured otherwise. */
  judgeAnew(measure: string, formula: PriorityFormula): Promise<void>;
  /** Leads whose fit was never measured, or not since their profile changed. */
  leadsToJudge(limit: number): Promise<(LeadProfile & { id: number })[]>;
  writeJudged(
    persona: string,
    judged: { id: number; fit: number | null; completeness: number }[],
  ): Promise<void>;
}

export interface HeldHistory extends LeadHistory {
  score: number;
  standing: StandingEntry[];
  /** The same entries for balancing, in order of time. */
  lines: LedgerLine[];
}
