import { asText, type Reason } from '../../reason.ts';

/** Why the reader gets it, for the one line under the article; `everybody`: the reader is in the control group. */
export type Because = 'chosen' | 'read' | 'asked' | 'everybody';

/** An article chosen for a delivery, with its reason. */
export interface ArticlePick {
  articleId: number;
  place: 'main' | 'other';
  /** The reader's interest it was chosen for. */
  interest: string;
  /** What it was worth in the choice; higher is better. */
  score: number;
  /** Other interests of the reader that it is about as well. */
  also?: readonly string[];
  /** How many days before it had been published. Left out in mails of before it was kept. */
  days?: number;
  /** Of its feed, where it is not 1. */
  priority?: number;
  /** What the reader had said of its feed. */
  source?: 'liked' | 'less';
  /** In the control group: for whom the digest is. */
  language?: string;
  /** Left out in mails of before it was kept: then the reader had chosen the interest. */
  because?: Because;
}

/** What picks of before have: the whole reason as a sentence. */
type KeptPick = Omit<ArticlePick, 'articleId' | 'score'> & { reason?: string };

/** Why it was picked, for staff: best match for payroll, published 2 days ago. Only what it is made of is kept. */
export function reasonOfPick(pick: KeptPick): Reason {
  if (pick.reason) return asText(pick.reason);
  const { place, interest, because, also, days, priority, source, language } = pick;
  const parts: Reason[] = [];
  if (because === 'everybody') parts.push({ code: 'pick.control', values: { language: language ?? '' } });
  else
    parts.push({
      code: place === 'main' ? 'pick.best-match' : 'pick.match',
      values: { interests: [interest] },
    });
  if (because === 'read') parts.push({ code: 'pick.often-read' });
  if (because === 'asked') parts.push({ code: 'pick.asked-for-more' });
  if (also) parts.push({ code: 'pick.also-about', values: { interests: also } });
  if (days !== undefined) parts.push(publishedReason(days));
  if (priority !== undefined) parts.push({ code: 'pick.feed-priority', values: { n: priority } });
  if (source) parts.push({ code: source === 'liked' ? 'pick.likes-source' : 'pick.less-of-source' });
  return { code: 'pick.because', values: { parts } };
}

function publishedReason(days: number): Reason {
  if (days === 0) return { code: 'pick.published-today' };
  return days === 1
    ? { code: 'pick.published-yesterday' }
    : { code: 'pick.published-ago', values: { n: days } };
}
