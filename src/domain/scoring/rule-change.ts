import { createHash } from 'node:crypto';
import type { Scoring, WrittenRule } from '../programme.ts';
import { SCORE_LIMITS } from './score-limits.ts';
import { type Scored, type ScoreRule, scoreRules, standardTable } from './score-rules.ts';

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
  /** The limits among what is wrong, for pages to say in their own language. */
  readonly limits: readonly WrongLimit[];
  constructor(message: string, limits: readonly WrongLimit[]) {
    super(message);
    this.limits = limits;
  }
}

/** A limit that cannot be what was found, and between which numbers it may be. */
export interface WrongLimit {
  limit: Limited;
  found: number;
  least: number;
  most: number;
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
  const wrong = wrongLimits(scoring);
  problems.push(...wrong.map((one) => inEnglish(one, scoring)));
  if (problems.length > 0) throw new WrongChange(problems.join('\n'), wrong);
  const changed = { ...programme, scoring };
  return { ...changed, scoring: { ...scoring, version: rulesVersion(changed) } };
}

/**
 * The same for a change that was kept: the programme may have changed since, and what no longer holds with it must not
 * keep Simmer from running. Then the programme alone holds.
 */
export function withChange<P extends Scored>(programme: P, change: RuleChange | null | undefined): P {
  if (!change || Object.keys(change).length === 0) return programme;
  try {
    return changeRules(programme, change);
  } catch (error) {
    if (error instanceof WrongChange) return programme;
    throw error;
  }
}

function withPoints(rules: readonly WrittenRule[], id: string, points: number): WrittenRule[] {
  if (rules.some((rule) => rule.id === id))
    return rules.map((rule) => (rule.id === id ? { ...rule, points } : rule));
  return [...rules, { id, points, on: null, often: null, cap: null, sqlAtOnce: null, words: null }];
}

function wrongLimits(scoring: Scoring): WrongLimit[] {
  const { threshold, customerThreshold, floor } = scoring;
  const below = Math.min(threshold, customerThreshold) - 1;
  const bounds: Record<Limited, Partial<Pick<WrongLimit, 'least' | 'most'>>> = {
    threshold: {},
    customerThreshold: { most: threshold },
    floor: { most: below },
    scoreAfterReturn: { least: floor, most: below },
    mailsBeforeSql: {},
    halfLifeDays: {},
  };
  return (Object.keys(bounds) as Limited[]).flatMap((limit) => {
    const found = scoring[limit];
    const least = Math.max(SCORE_LIMITS[limit].least, bounds[limit].least ?? -Infinity);
    const most = Math.min(SCORE_LIMITS[limit].most, bounds[limit].most ?? Infinity);
    return found === null || (found >= least && found <= most) ? [] : [{ limit, found, least, most }];
  });
}

/** For the command line, in the words that its tests and users know. */
function inEnglish({ limit, found }: WrongLimit, { threshold, customerThreshold, floor }: Scoring): string {
  const sentences: Record<Limited, string> = {
    threshold: `found the threshold ${found}; allowed is ${span('threshold')}`,
    customerThreshold: `found the customer threshold ${found}; allowed is 1 to the threshold (${threshold})`,
    floor: `found the floor ${found}; allowed is ${span('floor')}`,
    scoreAfterReturn: `found the score after a return ${found}; allowed is the floor (${floor}) or more, and less than ${Math.min(threshold, customerThreshold)}`,
    mailsBeforeSql: `found ${found} mails before SQL; allowed is ${span('mailsBeforeSql')}`,
    halfLifeDays: `found a half-life of ${found} days; allowed is ${span('halfLifeDays')}`,
  };
  return sentences[limit];
}

type Limited = keyof typeof SCORE_LIMITS;

const span = (name: Limited): string => `${SCORE_LIMITS[name].least} to ${SCORE_LIMITS[name].most}`;

/** The whole table as it is kept with its version, for people who ask later what an entry went by. */
export interface KeptRules extends Omit<Scoring, 'version' | 'rules' | 'points' | 'sqlAtOnceUrls'> {
  rules: Pick<ScoreRule, 'id' | 'points' | 'on' | 'often' | 'cap' | 'sqlAtOnce'>[];
}

export function rulesToKeep(programme: Unversioned): KeptRules {
  const { threshold, customerThreshold, mailsBeforeSql, floor, scoreAfterReturn, halfLifeDays } =
    programme.scoring;
  return {
    threshold,
    customerThreshold,
    mailsBeforeSql,
    floor,
    scoreAfterReturn,
    halfLifeDays,
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

type Unversioned = Omit<Scored, 'scoring'> & { scoring: Omit<Scoring, 'version'> };

/**
 * Eight hex digits that change when, and only when, a rule changes: labels and addresses of links do not count, nor the order
 * of the table. That of the rules written beside it does: the first that fits gives the points.
 */
export function rulesVersion(programme: Unversioned): string {
  const { rules, ...limits } = rulesToKeep(programme);
  const standing = new Set(standardTable(programme).map(({ id }) => id));
  const table = rules.filter(({ id }) => standing.has(id)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const beside = rules.filter(({ id }) => !standing.has(id));
  const written = JSON.stringify([Object.entries(limits).sort(), table.map(sorted), beside.map(sorted)]);
  return createHash('sha256').update(written).digest('hex').slice(0, 8);
}

function sorted({ on, ...rule }: KeptRules['rules'][number]) {
  const { urls, target: _, ...rest } = on;
  return [Object.entries(rule).sort(), Object.entries(rest).sort(), urls?.toSorted()];
}

/**
 * What has to lie over the programme so that it scores as those rules did: for going back. Rules that the programme has
 * had since give nothing; those it no longer has cannot be brought back and are named.
 */
export function changeBackTo(kept: KeptRules, programme: Scored): { change: RuleChange; lost: string[] } {
  const now = rulesToKeep(programme);
  const before = new Map(kept.rules.map((rule) => [rule.id, rule.points]));
  const change: RuleChange = {};
  for (const name of LIMITS) if (kept[name] !== now[name]) Object.assign(change, { [name]: kept[name] });
  const points = now.rules.flatMap(({ id, points: worth }): [string, number][] => {
    const wanted = before.get(id) ?? 0;
    return wanted === worth ? [] : [[id, wanted]];
  });
  if (points.length > 0) change.points = Object.fromEntries(points);
  const known = new Set(now.rules.map(({ id }) => id));
  return { change, lost: kept.rules.map(({ id }) => id).filter((id) => !known.has(id)) };
}

const LIMITS = [
  'threshold',
  'customerThreshold',
  'mailsBeforeSql',
  'floor',
  'scoreAfterReturn',
  'halfLifeDays',
] as const;
