import type { Stage, SubscriberStatus } from '../audience/subscriber.ts';
import type { Happening } from './happening.ts';
import { type ClickedLink, RETURNED_RULE, type ScoreBook, type ScoreRule } from './rules.ts';

/** What scoring must know of a lead. The caller holds its row, so nobody else changes it meanwhile. */
export interface ScoredLead {
  id: number;
  status: SubscriberStatus;
  stage: Stage;
  isCustomer: boolean;
  score: number;
  mailsSent: number;
  hasOpenQualification: boolean;
  /** The last qualification that sales closed, 0 before the first: each round of warming starts with one. */
  round: number;
}

export interface NewScoreEntry {
  at: Date;
  points: number;
  rule: string;
  /** The same cause counts once: 'open:d17', 'click:d17:3'. */
  onceKey: string;
  /** In words, for people. */
  cause: string;
  deliveryId: number | null;
}

/**
 * The name of a happening's cause; a cause that has been counted is not counted again. Null: it has nothing to count.
 * A form counts once per round, so that a double press is one wish and a wish after a return is a new one.
 */
export function onceKey(happening: Happening, round: number): string | null {
  switch (happening.kind) {
    case 'mail-sent':
      return `mail:d${happening.deliveryId}`;
    case 'open':
      return happening.verdict.class === 'machine' ? null : `open:d${happening.deliveryId}`;
    case 'click':
      return happening.verdict.class === 'human'
        ? `click:d${happening.deliveryId}:${happening.linkNumber}`
        : null;
    case 'form':
      return `form:${happening.form}:r${round}`;
    case 'download':
      return `download:${happening.name}`;
    case 'returned':
      return `returned:q${happening.qualificationId}`;
    case 'confirm':
    case 'unsubscribe':
      return null;
  }
}

/**
 * The entry that a happening makes by the programme's table, or null when it makes none. It does not look whether
 * the cause was counted before: that is `onceKey`'s use. `link` is the clicked line of the issue's link table.
 */
export function scoreHappening(
  lead: ScoredLead,
  happening: Happening,
  book: ScoreBook,
  link: ClickedLink | null,
): NewScoreEntry | null {
  const key = onceKey(happening, lead.round);
  if (key === null) return null;
  const entry = (rule: ScoreRule, cause: string, deliveryId: number | null) =>
    aboveFloor(lead.score, book.scoring.floor, {
      at: happening.at,
      points: rule.points,
      rule: rule.id,
      onceKey: key,
      cause,
      deliveryId,
    });

  switch (happening.kind) {
    case 'mail-sent': {
      // The first mail is free, and who is in the hands of sales (or a customer) is not cooled by our writing.
      if (lead.mailsSent === 0 || lead.stage !== 'mql') return null;
      return entry(book.rule('further-mail'), `mail ${lead.mailsSent + 1} was sent`, happening.deliveryId);
    }
    case 'open':
      return entry(book.rule('open'), 'opened the mail', happening.deliveryId);
    case 'click': {
      const rule = link && book.ruleOfClick(link);
      if (!link || !rule) return null;
      return entry(rule, `clicked ${LINK_WORDS[link.role]} "${link.label}"`, happening.deliveryId);
    }
    case 'form': {
      const rule = book.rule(`form-${happening.form}`);
      return entry(rule, rule.words, happening.deliveryId);
    }
    case 'download':
      return entry(book.rule('download'), `downloaded "${happening.name}"`, null);
    case 'returned':
      return {
        at: happening.at,
        points: book.scoring.scoreAfterReturn - lead.score,
        rule: RETURNED_RULE,
        onceKey: key,
        cause: `sales answered "${happening.outcome}": the score starts again at ${book.scoring.scoreAfterReturn}`,
        deliveryId: null,
      };
    case 'confirm':
    case 'unsubscribe':
      return null;
  }
}

const LINK_WORDS: Record<ClickedLink['role'], string> = {
  article: 'the article',
  'call-to-action': 'the button',
  footer: 'the footer link',
};

/** A deduction never takes the score under the floor; what was cut is said, so that the ledger explains itself. */
function aboveFloor(score: number, floor: number, entry: NewScoreEntry): NewScoreEntry {
  if (entry.points >= 0 || score + entry.points >= floor) return entry;
  // A score already under the floor (the floor was raised since) is left where it is.
  const points = score > floor ? floor - score : 0;
  return {
    ...entry,
    points,
    cause: `${entry.cause} (${entry.points} cut to ${points}: the floor is ${floor})`,
  };
}
