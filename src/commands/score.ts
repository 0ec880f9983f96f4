import { SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import { type RuleChange, WrongChange } from '../domain/scoring/rule-change.ts';
import { CommandError } from './with-program.ts';

/** The flags that say which rules, the same for what-if and apply. */
export function withRuleFlags(command: Command): Command {
  return command
    .option('--threshold <points>', 'score at which a lead becomes an SQL', whole)
    .option('--customer-threshold <points>', 'the same for customers', whole)
    .option('--mails-before-sql <number>', 'more mails than this before anybody becomes an SQL', whole)
    .option('--floor <points>', 'the score never falls below this', whole)
    .option('--score-after-return <points>', 'the score after sales sent a lead back', whole)
    .option(
      '--half-life <days>',
      'days after which an act is worth half; "none": points do not fade',
      halfLife,
    )
    .option('--rule <id=points>', 'what a rule gives; may be given several times', rulePoints, {});
}

export interface RuleFlags {
  threshold?: number;
  customerThreshold?: number;
  mailsBeforeSql?: number;
  floor?: number;
  scoreAfterReturn?: number;
  halfLife?: number | 'none';
  rule: Record<string, number>;
}

export function changeOf(flags: RuleFlags): RuleChange {
  const {
    rule,
    halfLife: days,
    threshold,
    customerThreshold,
    mailsBeforeSql,
    floor,
    scoreAfterReturn,
  } = flags;
  const given = { threshold, customerThreshold, mailsBeforeSql, floor, scoreAfterReturn };
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as RuleChange),
    ...(days === undefined ? {} : { halfLifeDays: days === 'none' ? null : days }),
    ...(Object.keys(rule).length > 0 ? { points: rule } : {}),
  };
}

/** What cannot be done with these flags is told without a stack. */
export async function foreseeing<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof WrongChange ? new CommandError(error.message) : error;
  }
}

export function sinceFlag(written: string): Date {
  const since = new Date(written);
  if (!/^\d{4}-\d{2}-\d{2}/.test(written) || Number.isNaN(since.getTime()))
    throw new InvalidArgumentError('allowed is a day as YYYY-MM-DD, such as 2026-01-06');
  return since;
}

function whole(written: string): number {
  if (!/^-?\d+$/.test(written)) throw new InvalidArgumentError('allowed is a whole number');
  return Number(written);
}

function halfLife(written: string): number | 'none' {
  return written === 'none' ? 'none' : whole(written);
}

function rulePoints(written: string, before: Record<string, number>): Record<string, number> {
  const [, id, points] = /^([a-z][a-z0-9-]*)=(-?\d+)$/.exec(written) ?? [];
  if (id === undefined)
    throw new InvalidArgumentError('allowed is a rule and its points, such as click-article=2');
  return { ...before, [id]: Number(points) };
}

/** Who applies or undoes rules, kept with them. */
/** On stderr, and only for people. */
export function progressBar(what: string): { update(done: number, all: number): void; stop(): void } {
  if (!process.stderr.isTTY) return { update: () => {}, stop: () => {} };
  const bar = new SingleBar({
    format: `${what} {bar} {value}/{total}, {eta_formatted} to go`,
    clearOnComplete: true,
  });
  let isRunning = false;
  return {
    update(done, all) {
      if (isRunning) bar.setTotal(all);
      else bar.start(all, 0);
      isRunning = true;
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
