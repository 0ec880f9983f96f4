import type { Programme } from '../../domain/programme.ts';
import { completenessOf, fitOf, measureName } from '../../domain/scoring/fit.ts';
import type { RuleStore } from './ports/rules.ts';

const MOST_AT_ONCE = 1000;

/**
 * Measures the fit and completeness of leads whose profile is new or changed, or that were measured against another
 * persona. Says how many.
 */
export async function measureFit({
  rules,
  programme,
}: {
  rules: Pick<RuleStore, 'leadsToJudge' | 'writeJudged'>;
  programme: Pick<Programme, 'persona' | 'sales' | 'scoring'>;
}): Promise<number> {
  const { persona, sales } = programme;
  const leads = await rules.leadsToJudge(MOST_AT_ONCE);
  if (leads.length === 0) return 0;
  await rules.writeJudged(
    measureName(programme),
    leads.map((lead) => ({
      id: lead.id,
      fit: fitOf(lead, persona, sales.freeMailDomains).percent,
      completeness: completenessOf(lead),
    })),
  );
  return leads.length;
}
