import { type MailPurpose, type WithheldMail, withheldOf } from '../../domain/audience/mail-allowance.ts';
import { type ShownStage, type SubscriberStatus, shownStage } from '../../domain/audience/subscriber.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Tell } from '../../domain/reason-text.ts';
import type { OutcomeStatus } from '../../domain/sales/outcome.ts';
import type { SuppressionStore } from '../returns/ports/returns.ts';
import type { ProfileStore } from '../sales/ports/profiles.ts';

/** What `simmer subscriber show EMAIL --json` prints: others' programs read it, so its fields are a promise. */
export interface ShownSubscriber {
  email: string;
  status: SubscriberStatus;
  /** Why it is suppressed; else null. */
  suppressedWhy: string | null;
  /** Until when no issues go there, and why; the reader's own wish has no reason. */
  pausedUntil: string | null;
  pauseReason: string | null;
  stage: ShownStage;
  score: number;
  interests: string[];
  /** Mails that did not go out, and why; left out where there is none. */
  withheldMails?: {
    code: WithheldMail['code'];
    purpose: MailPurpose;
    times: number;
    at: string;
    nextAt: string;
  }[];
  /** Oldest first; the points add up to the score. `cause` is in words, `reason` the code and values behind them. */
  ledger: { points: number; rule: string; at: string; cause: string; reason: Reason }[];
  /** Oldest first. */
  deliveries: {
    issue: number;
    status: string;
    /** Why it was skipped, failed or is uncertain; else null. */
    reason: string | null;
    /** The code and values behind `reason`. */
    because: Reason | null;
    picks: { title: string; url: string; interest: string; reason: string; because: Reason }[];
  }[];
  /** Oldest first. `outcome` is what sales said last; `alertReason` why its alert was not sent, or failed. */
  qualifications: {
    at: string;
    score: number;
    alertSentAt: string | null;
    alertReason: string | null;
    outcome: OutcomeStatus | null;
  }[];
}

/** Null when nobody has this address. Times are ISO 8601. */
export async function showSubscriber(
  deps: { profiles: ProfileStore; suppressions: Pick<SuppressionStore, 'standing'>; tell: Tell },
  email: string,
): Promise<ShownSubscriber | null> {
  const facts = await deps.profiles.findByEmail(email.trim().toLowerCase());
  if (!facts) return null;
  const words = (reason: Reason | null) => reason && deps.tell(reason);
  const { subscriber, ledger, deliveries, qualifications } = facts;
  const withheld = withheldOf(facts.mailCounts).map(({ code, values: { purpose, times, at, nextAt } }) => ({
    code,
    purpose,
    times,
    at: at.toISOString(),
    nextAt: nextAt.toISOString(),
  }));
  return {
    email: subscriber.email,
    status: subscriber.status,
    suppressedWhy: (await deps.suppressions.standing(subscriber.email))?.why ?? null,
    pausedUntil: subscriber.pausedUntil?.toISOString() ?? null,
    pauseReason: words(subscriber.pauseReason),
    stage: shownStage(subscriber),
    score: subscriber.score,
    interests: subscriber.interests,
    ...(withheld.length > 0 ? { withheldMails: withheld } : {}),
    ledger: ledger.map(({ points, rule, at, cause }) => ({
      points,
      rule,
      at: at.toISOString(),
      cause: deps.tell(cause),
      reason: cause,
    })),
    deliveries: deliveries.map(({ issueId, status, reason, picks }) => ({
      issue: issueId,
      status,
      reason: words(reason),
      because: reason,
      picks: picks.map(({ title, url, interest, reason: because }) => ({
        title,
        url,
        interest,
        reason: deps.tell(because),
        because,
      })),
    })),
    qualifications: qualifications.map(({ at, score, alert, outcomes }) => ({
      at: at.toISOString(),
      score,
      alertSentAt: alert?.sentAt?.toISOString() ?? null,
      alertReason: words(alert?.reason ?? null),
      outcome: outcomes.at(-1)?.status ?? null,
    })),
  };
}
