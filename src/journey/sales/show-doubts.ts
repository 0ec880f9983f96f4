import type { Programme } from '../../domain/programme.ts';
import { programmeInForce } from '../scoring/ledger/rules-in-force.ts';
import type { RuleStore } from '../scoring/ports/rules.ts';
import type { DeskStore, DoubtfulLead } from './ports/desk.ts';

/**
 * Leads that would be SQLs if what followed their links was a person: no alert tells of them, so that sales is not called to
 * what a scanner did; whoever looks may say what it was.
 */
export async function showDoubts(
  deps: { desk: Pick<DeskStore, 'inDoubt'>; rules: Pick<RuleStore, 'inForce'>; programme: Programme },
  limit: number,
): Promise<DoubtfulLead[]> {
  // The rules may have been changed since this process started.
  const { scoring } = await programmeInForce(deps.rules, deps.programme);
  return deps.desk.inDoubt(scoring, limit);
}
