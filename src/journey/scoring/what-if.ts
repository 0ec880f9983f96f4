import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import {
  compareCrossings,
  type Difference,
  type Tally,
  tally,
} from '../../domain/scoring/compare-crossings.ts';
import { replayLead } from '../../domain/scoring/replay.ts';
import { changeRules, type RuleChange } from '../../domain/scoring/rule-change.ts';
import { compileRules } from '../../domain/scoring/score-rules.ts';
import { programmeInForce } from './ledger/rules-in-force.ts';
import type { HistoryStore, PastLead, RuleStore } from './ports/rules.ts';

export interface WhatIfDeps {
  history: HistoryStore;
  rules: Pick<RuleStore, 'inForce'>;
  programme: Programme;
  links: Pick<Links, 'absolute'>;
}

export type Progress = (
  done: { leads: number; events: number },
  all: { leads: number; events: number },
) => void;

export interface WhatIf {
  /** The rules that were tried, and those that hold. */
  version: string;
  versionInForce: string;
  leads: number;
  events: number;
  /** In order of time, only those from `since` on. */
  differences: (Difference & {
    leadId: number;
    email: string;
    name: string | null;
    company: string | null;
  })[];
  /** What became of those that really went to sales. */
  both: Tally;
  lost: Tally;
  gained: number;
}

/**
 * Replays all of history through changed rules and says who would have become an SQL, when, who would not, and how many
 * of those that sales had were good. Crossings before `since` are left out of the answer; the history before it counts.
 * Nothing is changed. Throws WrongChange.
 */
export async function whatIf(
  { history, rules, programme, links }: WhatIfDeps,
  { change, since = null }: { change: RuleChange; since?: Date | null },
  onProgress: Progress = () => {},
): Promise<WhatIf> {
  const tried = changeRules(programme, change);
  const present = await programmeInForce(rules, programme);
  const book = compileRules(tried, links.absolute);
  const all = await history.size();
  const done = { leads: 0, events: 0 };
  const differences: WhatIf['differences'] = [];
  for await (const lead of history.read(book.usesInterests)) {
    const { crossings } = replayLead(lead, book, { stages: 'supposed', fadedUntil: null });
    for (const difference of compareCrossings(lead.qualifications, crossings))
      if (since === null || timeOf(difference) >= since.getTime())
        differences.push({ ...difference, ...whoIs(lead) });
    done.leads += 1;
    done.events += lead.events.length;
    if (done.leads % 500 === 0) onProgress(done, all);
  }
  onProgress(done, all);
  const ends = (kind: 'both' | 'lost') =>
    differences.flatMap((one) => ('end' in one && one.kind === kind ? [one.end] : []));
  return {
    version: tried.scoring.version,
    versionInForce: present.scoring.version,
    ...done,
    differences: differences.sort((a, b) => timeOf(a) - timeOf(b)),
    both: tally(ends('both')),
    lost: tally(ends('lost')),
    gained: differences.filter(({ kind }) => kind === 'gained').length,
  };
}

/** When it happened, or would have. */
function timeOf(difference: Difference): number {
  return difference.kind === 'lost' ? difference.realAt : difference.supposedAt;
}

function whoIs({ id, email, name, company }: PastLead) {
  return { leadId: id, email, name, company };
}
