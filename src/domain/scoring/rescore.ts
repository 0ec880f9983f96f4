import type { Reason } from '../reason.ts';
import { causeOfKey } from './ledger-balance.ts';
import type { NewScoreEntry } from './score.ts';
import { BALANCING_RULES } from './score-rules.ts';

/** An entry of the ledger as re-scoring looks at it. */
export interface StandingEntry {
  id: number;
  points: number;
  rule: string;
  /** Its own once key, or that of the entry it takes back. */
  dedupeKey: string;
  cause: Reason;
  /** Null: it came from no event, so no rule can say otherwise. */
  eventId: number | null;
  deliveryId: number | null;
  isCorrection: boolean;
}

export interface RescoredEntry extends NewScoreEntry {
  eventId: number | null;
}

/**
 * The entries that turn what stands in a ledger into what the rules would have given. Nothing is changed or deleted: the
 * difference is added, beside the entry where the rule is the same, else the old rule's points are taken back and the
 * new rule's given. `mark` makes the keys of one re-scoring unique. What is balanced (floor, return, fading) is left out.
 */
export function rescored(
  standing: readonly StandingEntry[],
  wanted: ReadonlyMap<string, { entry: NewScoreEntry; eventId: number }>,
  mark: string,
  at: Date,
): RescoredEntry[] {
  const causes = new Map<string, { first: StandingEntry; byRule: Map<string, number> }>();
  for (const entry of standing.toSorted(
    (a, b) => Number(a.isCorrection) - Number(b.isCorrection) || a.id - b.id,
  )) {
    if (entry.rule in BALANCING_RULES) continue;
    const cause = causeOfKey(entry.dedupeKey);
    const known = causes.get(cause) ?? { first: entry, byRule: new Map<string, number>() };
    // What was taken back counts against the rule that gave it.
    const rule = entry.isCorrection && entry.rule === TAKEN_BACK ? known.first.rule : entry.rule;
    known.byRule.set(rule, (known.byRule.get(rule) ?? 0) + entry.points);
    causes.set(cause, known);
  }
  const changes: RescoredEntry[] = [];
  for (const [cause, { first, byRule }] of causes) {
    const want = wanted.get(cause);
    if (first.eventId === null && !want) continue;
    const rules = new Set([...byRule.keys(), ...(want ? [want.entry.rule] : [])]);
    for (const rule of rules) {
      const before = byRule.get(rule) ?? 0;
      const now = want?.entry.rule === rule ? want.entry.points : 0;
      if (now === before) continue;
      changes.push({
        at,
        points: now - before,
        rule,
        dedupeKey: `${cause}#${mark} ${rule}`,
        cause: { code: 'score.rules-changed', values: { cause: first.cause, now, before } },
        deliveryId: first.deliveryId,
        eventId: want?.eventId ?? first.eventId,
      });
    }
  }
  // What nobody counted before stands in the ledger like any other act, at its own time.
  for (const [cause, { entry, eventId }] of wanted)
    if (!causes.has(cause) && !(entry.rule in BALANCING_RULES) && entry.points !== 0)
      changes.push({
        ...entry,
        cause: { code: 'score.rules-count', values: { cause: entry.cause } },
        eventId,
      });
  return changes;
}

const TAKEN_BACK = 'reversed';
