import type { Links } from '../links.ts';
import type { QuickAnswer } from '../mail/mails.ts';

/** The answers that a mail to sales offers. What needs words (won, lost) is given on the profile. */
export const QUICK_STATUSES = ['in-progress', 'rejected'] as const;

export function quickAnswers(links: Links, subscriberId: number, qualificationId: number): QuickAnswer[] {
  return QUICK_STATUSES.map((status) => ({
    status,
    url: links.answer(subscriberId, qualificationId, status),
  }));
}
