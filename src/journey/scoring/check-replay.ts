import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import { replayLead } from '../../domain/scoring/replay.ts';
import { compileRules } from '../../domain/scoring/score-rules.ts';
import { programmeInForce } from './ledger/rules-in-force.ts';
import type { HistoryStore, RuleStore } from './ports/rules.ts';

export interface ReplayCheck {
  version: string;
  leads: number;
  events: number;
  /** Leads whose score is not what the replay gives, or not the sum of the ledger. */
  different: { leadId: number; email: string; score: number; ledger: number; replayed: number }[];
}

/**
 * Replays the whole history by the rules that hold and compares every lead's score, to the point, with what stands and
 * with the sum of its ledger. Changes nothing.
 */
export async function checkReplay(
  deps: {
    history: HistoryStore;
    rules: Pick<RuleStore, 'inForce'>;
    programme: Programme;
    links: Pick<Links, 'absolute'>;
  },
  onProgress: (
    done: { leads: number; events: number },
    all: { leads: number; events: number },
  ) => void = () => {},
): Promise<ReplayCheck> {
  const present = await programmeInForce(deps.rules, deps.programme);
  const book = compileRules(present, deps.links.absolute);
  const fadedUntil = await deps.history.fadedUntil();
  const all = await deps.history.size();
  const done = { leads: 0, events: 0 };
  const different: ReplayCheck['different'] = [];
  for await (const lead of deps.history.read(book.usesInterests)) {
    const { score: replayed } = replayLead(lead, book, { stages: 'kept', fadedUntil });
    const { id: leadId, email, score, ledger } = lead;
    if (score !== replayed || score !== ledger) different.push({ leadId, email, score, ledger, replayed });
    done.leads += 1;
    done.events += lead.events.length;
    if (done.leads % 500 === 0) onProgress(done, all);
  }
  onProgress(done, all);
  return { version: present.scoring.version, ...done, different };
}
