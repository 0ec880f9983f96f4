import { createHash } from 'node:crypto';
import type { Programme, Scoring, WrittenRule } from '../programme.ts';
import { type Scored, scoreRules } from './rules.ts';

/** What somebody wants otherwise than the programme says; the flags of `simmer score`. */
export interface RuleChange {
  threshold?: number;
  customerThreshold?: number;
  mailsBeforeSql?: number;
  floor?: number;
  scoreAfterReturn?: number;
  /** Null: points do not fade. */
  halfLifeDays?: number | null;
  /** Rule id → points. */
  points?: Record<string, number>;
}

/** A change that cannot be made; the message says what was found and what is allowed. */
export class WrongChange extends Error {
  override name = 'WrongChange';
}

/** The programme with other rules. Throws WrongChange, naming every problem, when they cannot hold together. */
export function changeRules<P extends Scored>(programme: P, change: RuleChange): P {
  const { points = {}, ...limits } = change;
  const known = new Set(scoreRules(programme).map(({ id }) => id));
  const problems = Object.keys(points)
    .filter((id) => !known.has(id))
    .map((id) => `found the rule "${id}"; allowed are: ${[...known].join(', ')}`);
  const rules = Object.entries(points).reduce(
    (written, [id, worth]) => withPoints(written, id, worth),
    programme.scoring.rules,
  );
  const scoring: Scoring = { ...programme.scoring, ...limits, rules };
  problems.push(...limitProblems(scoring));
  if (problems.length > 0) throw new WrongChange(problems.join('\n'));
  const changed = { ...programme, scoring };
  return { ...changed, scoring: { ...scoring, version: rulesVersion(changed) } };
}

function withPoints(rules: readonly WrittenRule[], id: string, points: number): WrittenRule[] {
  if (rules.some((rule) => rule.id === id))
    return rules.map((rule) => (rule.id === id ? { ...rule, points } : rule));
  return [...rules, { id, points, on: null, often: null, cap: null, sqlAtOnce: null, words: null }];
}

function limitProblems(scoring: Scoring): string[] {
  const { threshold, customerThreshold, floor, scoreAfterReturn, mailsBeforeSql, halfLifeDays } = scoring;
  const lowest = Math.min(threshold, customerThreshold);
  const demands: [boolean, string][] = [
    [threshold >= 1, `found the threshold ${threshold}; allowed is 1 or more`],
    [
      customerThreshold >= 1 && customerThreshold <= threshold,
      `found the customer threshold ${customerThreshold}; allowed is 1 to the threshold (${threshold})`,
    ],
    [floor <= 0 && floor < lowest, `found the floor ${floor}; allowed is 0 or less`],
    [
      scoreAfterReturn >= floor && scoreAfterReturn < lowest,
      `found the score after a return ${scoreAfterReturn}; allowed is the floor (${floor}) or more, and less than ${lowest}`,
    ],
    [mailsBeforeSql >= 0, `found ${mailsBeforeSql} mails before SQL; allowed is 0 or more`],
    [
      halfLifeDays === null || halfLifeDays >= 1,
      `found a half-life of ${halfLifeDays} days; allowed is 1 or more`,
    ],
  ];
  return demands.filter(([holds]) => !holds).map(([, words]) => words);
}

/** Eight hex digits that change when, and only when, a rule changes: labels, order and addresses do not count. */
export function rulesVersion({
  scoring,
  callsToAction,
  footerLinks,
}: Pick<Programme, 'callsToAction' | 'footerLinks'> & { scoring: Omit<Scoring, 'version'> }): string {
  const worth = (links: readonly { id: string; points: number }[]) =>
    links.map(({ id, points }) => `${id} ${points}`).sort();
  const { points, sqlAtOnceUrls, rules, version: _, ...limits } = scoring as Scoring;
  const all = [
    Object.entries(limits).sort(),
    Object.entries(points).sort(),
    [...sqlAtOnceUrls].sort(),
    // The order of written rules counts: the first that fits gives the points. Words do not.
    rules.map(({ words: _words, ...rule }) => rule),
  ];
  const written = JSON.stringify([...all, worth(callsToAction), worth(footerLinks)]);
  return createHash('sha256').update(written).digest('hex').slice(0, 8);
}

/** The whole table as it is kept with its version, for people who ask later what an entry went by. */
export function rulesToKeep(programme: Scored): object {
  const { version: _, rules: _rules, points: _points, ...limits } = programme.scoring;
  return {
    ...limits,
    rules: scoreRules(programme).map(({ id, points, on, often, cap, sqlAtOnce }) => ({
      id,
      points,
      on,
      often,
      cap,
      sqlAtOnce,
    })),
  };
}
