import type { Happening } from './happening.ts';
import { type Crossing, crossing } from './qualify.ts';
import type { ClickedLink, ScoreBook } from './rules.ts';
import { type NewScoreEntry, onceKey, type ScoredLead, scoreHappening } from './score.ts';

export interface TakenIn {
  lead: ScoredLead;
  entry: NewScoreEntry | null;
  crossing: Crossing | null;
}

/**
 * One happening and all that follows from it: the lead as it is afterwards, the entry it made, the crossing to SQL.
 * `isCounted` says whether a cause has been counted for this lead before; what is counted here is the caller's to remember.
 */
export function takeIn(
  lead: ScoredLead,
  happening: Happening,
  link: ClickedLink | null,
  isCounted: (onceKey: string) => boolean,
  book: ScoreBook,
): TakenIn {
  const key = onceKey(happening, lead.round);
  if (key === null || isCounted(key)) return { lead, entry: null, crossing: null };
  const entry = scoreHappening(lead, happening, book, link);
  const after = {
    ...lead,
    score: lead.score + (entry?.points ?? 0),
    mailsSent: lead.mailsSent + (happening.kind === 'mail-sent' ? 1 : 0),
  };
  const crossed = crossing(after, happening, entry?.rule ?? null, book);
  if (!crossed) return { lead: after, entry, crossing: null };
  return { lead: { ...after, stage: 'sql', hasOpenQualification: true }, entry, crossing: crossed };
}
