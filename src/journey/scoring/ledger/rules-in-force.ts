import type { Links } from '../../../domain/links.ts';
import type { Programme } from '../../../domain/programme.ts';
import { withChange } from '../../../domain/scoring/rule-change.ts';
import { type CompiledRules, compileRules } from '../../../domain/scoring/score-rules.ts';
import type { RuleStore } from '../ports/rules.ts';

export interface RulesInForce {
  book: CompiledRules;
  version: string;
}

type InForce = Pick<RuleStore, 'inForce'>;

/**
 * The programme by the rules that score now: its own, and over them what the latest change of rules was told. Read anew
 * each time, so that all processes change over at the same commit.
 */
export async function programmeInForce(rules: InForce, programme: Programme): Promise<Programme> {
  return withChange(programme, (await rules.inForce())?.change);
}

/** Made ready once per programme and change: they are asked for with every batch of events. */
const ready = new WeakMap<Programme, Map<string, RulesInForce>>();

/** The same rules made ready for scoring. */
export async function rulesInForce(
  rules: InForce,
  programme: Programme,
  links: Pick<Links, 'absolute'>,
): Promise<RulesInForce> {
  const changed = await rules.inForce();
  const known = ready.get(programme) ?? new Map<string, RulesInForce>();
  ready.set(programme, known);
  // The address of a path of our own is part of a rule.
  const name = `${changed?.id ?? 0} ${links.absolute('/')}`;
  let made = known.get(name);
  if (!made) {
    const present = withChange(programme, changed?.change);
    made = { book: compileRules(present, links.absolute), version: present.scoring.version };
    known.set(name, made);
  }
  return made;
}

/** Whether some rule asks what a clicked article is about. No change of rules alters what rules ask. */
export function asksForInterests(programme: Programme): boolean {
  return programme.scoring.rules.some(({ on }) => on?.interests !== undefined);
}
