import type { Links } from '../../../domain/links.ts';
import type { Programme } from '../../../domain/programme.ts';
import { type RuleChange, withChange } from '../../../domain/scoring/rule-change.ts';
import { type CompiledRules, compileRules } from '../../../domain/scoring/score-rules.ts';
import type { Queryable } from '../pool.ts';

export interface RulesInForce {
  book: CompiledRules;
  version: string;
}

/** Made ready once per programme and change: they are asked for with every batch of events. */
const ready = new WeakMap<Programme, Map<string, RulesInForce>>();

/**
 * The rules that score now: the programme's, and over them what the latest rescoring was told. Read anew each time, so
 * that all processes change over at the same commit.
 */
export async function rulesInForce(
  db: Queryable,
  programme: Programme,
  links: Pick<Links, 'absolute'>,
): Promise<RulesInForce> {
  const { rows } = await db.query<{ id: number; change: RuleChange }>(
    'select id, change from rescorings where undone_at is null order by id desc limit 1',
  );
  const known = ready.get(programme) ?? new Map<string, RulesInForce>();
  ready.set(programme, known);
  // The address of a path of our own is part of a rule.
  const name = `${rows[0]?.id ?? 0} ${links.absolute('/')}`;
  let rules = known.get(name);
  if (!rules) {
    rules = rulesOf(rows[0] ? withChange(programme, rows[0].change) : programme, links);
    known.set(name, rules);
  }
  return rules;
}

export function rulesOf(programme: Programme, links: Pick<Links, 'absolute'>): RulesInForce {
  return { book: compileRules(programme, links.absolute), version: programme.scoring.version };
}

/** Whether some rule asks what a clicked article is about. No change of rules alters what rules ask. */
export function asksForInterests(programme: Programme): boolean {
  return programme.scoring.rules.some(({ on }) => on?.interests !== undefined);
}
