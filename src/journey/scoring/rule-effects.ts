import type { Programme } from '../../domain/programme.ts';
import { type Tally, tally } from '../../domain/scoring/compare-crossings.ts';
import {
  type Proposal,
  proposals,
  type RuleOutcomeStats,
  type Share,
  wilson,
} from '../../domain/scoring/rule-proposals.ts';
import { scoreRules } from '../../domain/scoring/score-rules.ts';
import { programmeInForce } from './ledger/rules-in-force.ts';
import type { RuleStore } from './ports/rules.ts';

export interface Effect extends RuleOutcomeStats {
  /** Null for articles and for rules of the past. */
  points: number | null;
  acceptedShare: Share;
  wonShare: Share;
  rejectedShare: Share;
}

export interface RuleEffects {
  /** All qualifications that sales has said something about. */
  answered: Pick<Tally, 'all' | 'good' | 'won' | 'rejected'>;
  /** By rule, those with the most answers first. */
  rules: Effect[];
  articles: Effect[];
  /** A person decides: `simmer score what-if` and `apply` take them on. */
  proposals: Proposal[];
}

interface Deps {
  rules: Pick<RuleStore, 'sways' | 'inForce' | 'answers'>;
  programme: Programme;
}

/** What sales' answers say about each rule and each article, and the changes that follow from it with enough evidence. */
export async function ruleEffects(deps: Deps, since: Date | null = null): Promise<RuleEffects> {
  const { rules, programme } = deps;
  const present = await programmeInForce(rules, programme);
  const table = scoreRules(present);
  const worth = new Map(table.map((rule) => [rule.id, rule]));
  const answered = tally(await rules.answers(since));
  const sways = await rules.sways(since);
  return {
    answered,
    rules: sways.rules.map((sway) => {
      const rule = worth.get(sway.id);
      return effect({ ...sway, name: rule?.name ?? sway.name }, rule?.points ?? null);
    }),
    articles: sways.articles.map((sway) => effect(sway, null)),
    proposals: proposals(
      sways.rules,
      { answered: answered.all, rejected: answered.rejected },
      table.filter(({ sqlAtOnce }) => !sqlAtOnce),
    ),
  };
}

/** Only the proposals of `ruleEffects`. */
export async function proposeChanges(deps: Deps, since: Date | null = null): Promise<Proposal[]> {
  return (await ruleEffects(deps, since)).proposals;
}

function effect(sway: RuleOutcomeStats, points: number | null): Effect {
  return {
    ...sway,
    points,
    acceptedShare: wilson(sway.accepted, sway.answered),
    wonShare: wilson(sway.won, sway.answered),
    rejectedShare: wilson(sway.rejected, sway.answered),
  };
}
