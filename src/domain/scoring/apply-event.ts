import type { Reason } from '../reason.ts';
import { EVENT_KINDS, type LeadEvent } from './lead-event.ts';
import { balance, type Correction, causeOfKey, type LedgerLine } from './ledger-balance.ts';
import { isAct, isInDoubt, type QualificationTrigger, qualificationTrigger } from './qualify.ts';
import { dedupeKey, entryOf, type NewScoreEntry, ruleOfEvent, type ScoredLead, scoreEvent } from './score.ts';
import {
  BALANCING_RULES,
  type ClickedLink,
  type CompiledRules,
  FADED_RULE,
  FLOOR_RULE,
  RETURNED_RULE,
  type ScoreRule,
} from './score-rules.ts';

export interface TakenIn {
  lead: ScoredLead;
  /** The one the rules gave, and what balances the score after it. */
  entries: NewScoreEntry[];
  qualificationTrigger: QualificationTrigger | null;
}

/** False: not counted yet. A time: counted, from then on. */
export type CountedSince = (dedupeKey: string) => Date | boolean;

/** The past of a lead to whom something happened before things that were recorded already. */
export interface LedgerHistory {
  /** In order of time; the caller adds what is taken in. */
  lines: readonly LedgerLine[];
  /** The last moment that fading was written for, in milliseconds; null when it never was. */
  fadedUntil: number | null;
  /** Since then the lead is warmed anew: what it did before makes no SQL of it. Null when sales never had it. */
  returnedAt: Date | null;
}

/**
 * One event and all that follows from it: the lead as it is afterwards, the entries it made, the crossing to SQL.
 * `countedSince` says whether a cause has been counted for this lead before, and if it is known, from when on; what is
 * counted here is the caller's to remember.
 *
 * Given in the order of time, the lead as it is suffices. What comes late is given with the lead's past, and the score
 * becomes what it would be had it come in time: the order in which things are recorded never matters.
 */
export function applyEvent(
  lead: ScoredLead,
  leadEvent: LeadEvent,
  link: ClickedLink | null,
  countedSince: CountedSince,
  book: CompiledRules,
  past: LedgerHistory | null = null,
): TakenIn {
  const rule = ruleOfEvent(leadEvent, link, book);
  const key = dedupeKey(leadEvent, lead.round, rule);
  if (key === null) return { lead, entries: [], qualificationTrigger: null };
  const isOfEarlierRound = past?.returnedAt != null && leadEvent.at < past.returnedAt;
  // What a cap leaves is counted by round.
  const then = isOfEarlierRound && lead.roundPoints ? { ...lead, roundPoints: new Map() } : lead;
  const since = countedSince(key);
  if (since) {
    const earlier = countsFromHere(then, leadEvent, link, key, book, { past, since });
    if (earlier) return withEntries(lead, leadEvent, earlier, isOfEarlierRound);
    // It was counted while it was in doubt, and now a person did it: it may make an SQL after all.
    return isOfEarlierRound || !isAct(leadEvent) || !lead.inDoubt?.has(key)
      ? { lead, entries: [], qualificationTrigger: null }
      : sureNow(
          { lead: withoutDoubt(lead, key), entries: [], qualificationTrigger: null },
          leadEvent,
          rule,
          book,
        );
  }
  const entry = entryOf(then, leadEvent, book, link, rule, key);
  const entries = entry === null ? [] : [entry, ...balancing(lead, entry, book, past)];
  const taken = withEntries(lead, leadEvent, entries, isOfEarlierRound);
  return isOfEarlierRound ? taken : crossed(taken, leadEvent, entry?.rule ?? null, book);
}

/** What was counted in doubt is known to be a person's: it may make an SQL now. */
export function sureNow(
  taken: TakenIn,
  leadEvent: LeadEvent,
  rule: ScoreRule | null,
  book: CompiledRules,
): TakenIn {
  return rule !== null && isAct(leadEvent) ? crossed(taken, leadEvent, rule.id, book) : taken;
}

function withoutDoubt(lead: ScoredLead, cause: string): ScoredLead {
  const inDoubt = new Map(lead.inDoubt);
  inDoubt.delete(cause);
  return { ...lead, inDoubt };
}

function crossed(taken: TakenIn, leadEvent: LeadEvent, rule: string | null, book: CompiledRules): TakenIn {
  const found = qualificationTrigger(taken.lead, leadEvent, rule, book);
  if (!found) return taken;
  return {
    ...taken,
    lead: { ...taken.lead, stage: 'sql', hasOpenQualification: true },
    qualificationTrigger: found,
  };
}

function withEntries(
  lead: ScoredLead,
  leadEvent: LeadEvent,
  entries: NewScoreEntry[],
  isOfEarlierRound: boolean,
): TakenIn {
  const [entry] = entries;
  const after = { ...lead };
  if (leadEvent.kind === 'mail-sent') after.mailsSent += 1;
  for (const { at, points, rule } of entries) {
    after.score += points;
    after.scoredUntil = later(after.scoredUntil, at);
    // What is balanced after something came in late may concern any of the entries that are there.
    if (rule in BALANCING_RULES)
      after.orderMattersUntil = later(after.orderMattersUntil, later(after.scoredUntil, at));
  }
  if (entry && entry.points > 0 && isAct(leadEvent)) after.hasActed = true;
  if (entry && isInDoubt(leadEvent))
    after.inDoubt = new Map(after.inDoubt).set(causeOfKey(entry.dedupeKey), entry.points);
  if (leadEvent.kind === 'returned') {
    after.hasActed = false;
    after.inDoubt = new Map();
  }
  if (entry && lead.roundPoints && !isOfEarlierRound) after.roundPoints = counting(lead.roundPoints, entry);
  return { lead: after, entries, qualificationTrigger: null };
}

/**
 * A hit that comes in late may be earlier than the one that counted: then its cause counts from here, by an entry without
 * points. A click before sales sent the lead back and the same click after it are one click, of the earlier round.
 */
function countsFromHere(
  lead: ScoredLead,
  leadEvent: LeadEvent,
  link: ClickedLink | null,
  key: string,
  book: CompiledRules,
  { past, since }: { past: LedgerHistory | null; since: Date | true },
): NewScoreEntry[] | null {
  if (!EVENT_KINDS[leadEvent.kind].isByLead) return null;
  const cause = causeOfKey(key);
  const counted = past
    ? past.lines.filter((line) => line.cause === cause).map(({ at }) => at)
    : since === true
      ? []
      : [since.getTime()];
  if (counted.length === 0 || Math.min(...counted) <= leadEvent.at.getTime()) return null;
  const entry = scoreEvent(lead, leadEvent, book, link);
  if (entry === null) return null;
  const moved = {
    ...entry,
    points: 0,
    dedupeKey: `${cause}#since ${leadEvent.at.toISOString()}`,
    cause: { code: 'score.came-late' as const, values: { cause: entry.cause } },
  };
  return [moved, ...balancing(lead, moved, book, past)];
}

/**
 * Whether something happened before things that are in the ledger already and that depend on the order: then its past is
 * needed. All else may come in any order, since adding does not mind.
 */
export function isLate(lead: ScoredLead, leadEvent: LeadEvent, book: CompiledRules): boolean {
  const { orderMattersUntil, scoredUntil } = lead;
  if (orderMattersUntil != null && leadEvent.at < orderMattersUntil) return true;
  // A deduction among earlier things may have brought the score to the floor; a return takes what came before it.
  const mayTake = !EVENT_KINDS[leadEvent.kind].isByLead || book.hasOtherDeductions;
  return mayTake && scoredUntil != null && leadEvent.at < scoredUntil;
}

/** What keeps the score what it has to be after this entry. */
function balancing(
  lead: ScoredLead,
  entry: NewScoreEntry,
  { scoring }: CompiledRules,
  past: LedgerHistory | null,
): NewScoreEntry[] {
  if (past) {
    const line = lineOf(entry);
    // After what is of the same time: it was recorded later.
    const place = past.lines.findLastIndex(({ at }) => at <= line.at) + 1;
    const { corrections } = balance(past.lines.toSpliced(place, 0, line), scoring, past.fadedUntil);
    // What was taken back may be counted again: a ledger only grows, so its length tells the two apart.
    const trigger = `${entry.dedupeKey} ${past.lines.length}`;
    return correctionEntries(corrections, trigger, entry.at, scoring.floor);
  }
  // A score already under the floor (the floor was raised since) is left where it is.
  const lowest = Math.min(scoring.floor, lead.score);
  const missing = lowest - (lead.score + entry.points);
  if (entry.points >= 0 || missing <= 0) return [];
  return correctionEntries(
    [{ rule: FLOOR_RULE, points: missing, cause: FLOOR_RULE }],
    entry.dedupeKey,
    entry.at,
    scoring.floor,
  );
}

/** Corrections as entries of the ledger. `trigger` names what brought them about and makes their keys unique. */
export function correctionEntries(
  corrections: readonly Correction[],
  trigger: string,
  at: Date,
  floor: number,
): NewScoreEntry[] {
  return corrections.map(({ rule, points, cause }) => ({
    at,
    points,
    rule,
    dedupeKey: rule === FLOOR_RULE || rule === FADED_RULE ? `${rule}:${trigger}` : `${cause}#${trigger}`,
    cause: causeOfCorrection(rule, floor),
    deliveryId: null,
  }));
}

function causeOfCorrection(rule: Correction['rule'], floor: number): Reason {
  if (rule === FLOOR_RULE) return { code: 'score.held-up', values: { floor } };
  return rule === FADED_RULE ? { code: 'score.faded' } : { code: 'score.return-corrected' };
}

/** An entry as a line for balancing. */
export function lineOf({ at, points, rule, dedupeKey: key }: NewScoreEntry): LedgerLine {
  return { at: at.getTime(), points, rule, cause: causeOfKey(key), isCorrection: key.includes('#') };
}

function counting(given: ReadonlyMap<string, number>, { rule, points }: NewScoreEntry) {
  if (rule === RETURNED_RULE) return new Map<string, number>();
  return new Map(given).set(rule, (given.get(rule) ?? 0) + points);
}

function later(until: Date | null | undefined, at: Date): Date {
  return until && until >= at ? until : at;
}
