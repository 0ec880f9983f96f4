const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Why such a mail is written: by a sign-up, for a change of a person, with a link to all that is known. */
export type MailPurpose = 'sign-up' | 'change' | 'own-data';

/** The first few come so far apart; each later one comes so long after the one before. */
export interface Allowance {
  first: number;
  apartMs: number;
  laterMs: number;
}

/**
 * How much mail anybody can cause to a mailbox who knows its address, or holds a mail that was passed on. Of a sign-up: three
 * until the mailbox has confirmed, from then on one in thirty days.
 */
export const ALLOWANCES: Readonly<Record<MailPurpose, Allowance>> = {
  'sign-up': { first: 3, apartMs: HOUR_MS, laterMs: 30 * DAY_MS },
  change: { first: 3, apartMs: 10 * MINUTE_MS, laterMs: DAY_MS },
  'own-data': { first: 3, apartMs: 10 * MINUTE_MS, laterMs: DAY_MS },
};

/** What a mailbox has had. */
export interface MailCount {
  purpose: MailPurpose;
  sent: number;
  /** Null: the next one may come at once. */
  lastAt: Date | null;
  /** How many were kept back since the last one, and when the latest of them. */
  withheld: number;
  withheldAt: Date | null;
}

/** Why a mail did not go out, for staff. */
export interface WithheldMail {
  code: 'mailbox-had-its-mails';
  values: { purpose: MailPurpose; times: number; at: Date; nextAt: Date };
}

/** What is kept back of a mailbox's mails, and from when the next one goes out again. */
export function withheldOf(counts: readonly MailCount[]): WithheldMail[] {
  return counts.flatMap(({ purpose, sent, lastAt, withheld, withheldAt }): WithheldMail[] => {
    if (withheldAt === null || lastAt === null) return [];
    const { first, apartMs, laterMs } = ALLOWANCES[purpose];
    const nextAt = new Date(lastAt.getTime() + (sent >= first ? laterMs : apartMs));
    return [{ code: 'mailbox-had-its-mails', values: { purpose, times: withheld, at: withheldAt, nextAt } }];
  });
}

/** One of a kind that many share: so many mails go out at once, further ones so far apart. */
export interface Pace {
  key: string;
  burst: number;
  everyMs: number;
}

/** An office, a fair and a launch bring dozens of people at once; hundreds of one company are somebody's list. */
const SIGN_UP_PACE = { burst: 60, everyMs: MINUTE_MS };

/** What the mail of a sign-up waits in line with: others of its domain (null: of a provider for everybody) and of its network. */
export function signUpPaces({ domain, network }: { domain: string | null; network: string | null }): Pace[] {
  const keys = [
    ...(domain === null ? [] : [`domain ${domain}`]),
    ...(network === null ? [] : [`network ${network}`]),
  ];
  return keys.map((key) => ({ key, ...SIGN_UP_PACE }));
}
