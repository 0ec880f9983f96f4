import type { Programme } from '../../domain/programme.ts';
import { measureName, priorityFormula } from '../../domain/scoring/fit.ts';
import { rulesToKeep } from '../../domain/scoring/rule-change.ts';
import type { Log } from '../ports.ts';
import type { RuleStore } from './ports/rules.ts';

/**
 * Keeps the rules this process starts with, so that every version named in a ledger can be looked up. New rules score what
 * comes from now on; what is past keeps its points until somebody applies them. Never rejects: it is told at the next start.
 */
export async function keepRules(
  {
    rules,
    programme,
    log,
  }: { rules: Pick<RuleStore, 'keepVersion' | 'latestScored' | 'judgeAnew'>; programme: Programme; log: Log },
  now: Date,
): Promise<void> {
  const { version } = programme.scoring;
  try {
    await rules.judgeAnew(measureName(programme), priorityFormula(programme));
    const before = await rules.latestScored();
    const isNew = await rules.keepVersion(version, rulesToKeep(programme), now, 'the programme');
    if (isNew && before !== null && before !== version)
      log.warn(
        { version, before },
        'the rules of the score changed: they hold for what comes; "simmer score what-if" shows what they would have done, "simmer score apply" scores the past by them',
      );
  } catch (error) {
    log.warn({ error: String(error) }, 'the rules of the score could not be kept; the next start does it');
  }
}
