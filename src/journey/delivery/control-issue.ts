import type { Programme } from '../../domain/programme.ts';
import type { Reason } from '../../domain/reason.ts';
import { brakes, fewestToLookAt } from '../../domain/returns/bounce-rules.ts';
import { REASONS } from '../../domain/returns/returned-mail/reasons.ts';
import type { Database, Log, Say, Stores } from '../ports.ts';
import type { FailureCount } from '../returns/ports/returns.ts';
import type { AuditAct } from '../staff/ports/audit.ts';

export interface ControlIssueDeps {
  database: Database;
  programme: Pick<Programme, 'returns' | 'staff' | 'defaultLanguage'>;
  say: Say;
  /** Where the marketer looks at the issue. */
  publicUrl: string;
  log: Log;
}

/** Who takes hold of an issue: an address, or who the audit log says otherwise (domain/staff/actor.ts). */
type By = { by: string };

/** open → paused, at once: what is claimed and not on the wire goes back. False: the issue was not open. */
export function pauseIssue(
  database: Database,
  { issueId, why, by }: { issueId: number; why: Reason } & By,
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async (stores) => {
    if (!(await stores.brake.pause(issueId, why, now))) return false;
    await record(stores, 'issue-paused', { issueId, by, details: { why } }, now);
    return true;
  });
}

/** paused → open. What failed before the pause no longer counts for the automatic one. False: it was not paused. */
export function resumeIssue(
  database: Database,
  { issueId, by }: { issueId: number } & By,
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async (stores) => {
    if (!(await stores.brake.resume(issueId))) return false;
    await record(stores, 'issue-resumed', { issueId, by }, now);
    return true;
  });
}

/** open or paused → cancelled; mails on the wire arrive. Null: it was neither. Says how many mails are not sent. */
export function cancelIssue(
  database: Database,
  { issueId, why, by }: { issueId: number; why: Reason } & By,
  now: Date,
): Promise<number | null> {
  return database.inTransaction(async (stores) => {
    const left = await stores.brake.cancel(issueId, why, now);
    if (left !== null) await record(stores, 'issue-cancelled', { issueId, by, details: { why, left } }, now);
    return left;
  });
}

/**
 * Decides about mails of which nobody knows whether they arrived: those of an issue, or (null) the one-off mails, such as
 * alerts to sales. `resend` sends them again under the same Message-ID. Says how many.
 */
export function resolveUncertain(
  database: Database,
  { issueId, how, by }: { issueId: number | null; how: 'leave' | 'resend' } & By,
  now: Date,
): Promise<number> {
  return database.inTransaction(async (stores) => {
    const mails =
      issueId === null
        ? await stores.outbox.resolveUncertain(how, now)
        : await stores.brake.resolveUncertain(issueId, how, now);
    const act = how === 'leave' ? 'uncertain-left' : 'uncertain-resent';
    if (mails > 0) await record(stores, act, { issueId, by, details: { mails } }, now);
    return mails;
  });
}

async function record(
  { audit, issues }: Stores,
  act: AuditAct,
  { issueId, by, details }: { issueId: number | null; details?: Record<string, unknown> } & By,
  now: Date,
): Promise<void> {
  const issue = issueId === null ? null : await issues.find(issueId);
  const subject = issue ? `${issue.digestId} ${issue.id}` : 'one-off';
  await audit.add({ at: now, staffEmail: by, act, subject, ...(details ? { details } : {}) });
}

/**
 * Pauses issues of which too much fails or is uncertain, each with exactly one mail to the marketer; tells of many refusals that
 * are our own fault once per issue. Any number of workers may do so at the same time.
 */
export async function watchIssues(deps: ControlIssueDeps, now: Date): Promise<{ paused: number[] }> {
  const { database, programme } = deps;
  const { brake } = programme.returns;
  await database.stores.brake.handBackHeld();
  const paused: number[] = [];
  for (const count of await database.stores.brake.failing(fewestToLookAt(programme.returns))) {
    const cause = brakes(brake, count);
    if (cause !== null) {
      if (await pauseWithMail(deps, count, cause, now)) paused.push(count.issueId);
    } else if (brake === null || count.done >= brake.minimum) {
      await tellOfFaults(deps, count, now);
    }
  }
  return { paused };
}

/**
 * The same look at one issue, right after a mail of it became uncertain: a fast worker has sent thousands more before the schedule
 * looks. `inARow`: how often the mail server has broken off without an answer in between.
 */
export async function watchUncertain(
  deps: ControlIssueDeps,
  { issueId, inARow }: { issueId: number; inARow: number },
  now: Date,
): Promise<boolean> {
  const { database, programme } = deps;
  const count = (await database.stores.brake.failing(1)).find((one) => one.issueId === issueId);
  const cause = count ? brakes(programme.returns.brake, count, inARow) : null;
  return count !== undefined && cause !== null && pauseWithMail(deps, count, cause, now);
}

type Cause = NonNullable<ReturnType<typeof brakes>>;

/** What the mail about it says, by its cause. */
const TEXTS = {
  failed: 'mails.returns.paused',
  uncertain: 'mails.returns.doubtful',
} as const satisfies Record<Cause, string>;

async function pauseWithMail(
  deps: ControlIssueDeps,
  count: FailureCount,
  cause: Cause,
  now: Date,
): Promise<boolean> {
  const say = inProgrammeLanguage(deps);
  const places = placesOf(count, count[cause]);
  const { done, failed, uncertain, share } = places;
  const text = TEXTS[cause];
  const hasPaused = await deps.database.inTransaction(async (stores) => {
    const reason: Reason =
      cause === 'failed'
        ? { code: 'issue.failed', values: { failed, done, share } }
        : { code: 'issue.uncertain', values: { uncertain, done, share } };
    if (!(await stores.brake.pause(count.issueId, reason, now))) return false;
    await mail(deps, stores, now, `brake:${count.issueId}:${count.pauses + 1}`, {
      subject: say(`${text}.subject`, places),
      paragraphs: [
        say(`${text}.what`, places),
        say(`${text}.why`, { reasons: reasonsInWords(say, count) }),
        say(`${text}.next`, places),
      ],
    });
    return true;
  });
  if (hasPaused)
    deps.log.warn(
      { issueId: count.issueId, cause, done, failed, uncertain },
      'too many mails failed, or it is unknown whether they arrived: the issue is paused',
    );
  return hasPaused;
}

async function tellOfFaults(deps: ControlIssueDeps, count: FailureCount, now: Date): Promise<void> {
  const ours = count.reasons.filter(({ reason }) =>
    (REASONS['sender-fault'] as readonly string[]).includes(reason),
  );
  const faults = ours.reduce((sum, one) => sum + one.count, 0);
  if (faults < deps.programme.returns.faultsToTell) return;
  const say = inProgrammeLanguage(deps);
  const places = { ...placesOf(count, count.failed), faults };
  await mail(deps, deps.database.stores, now, `faults:${count.issueId}`, {
    subject: say('mails.returns.faults.subject', places),
    paragraphs: [
      say('mails.returns.faults.what', places),
      say('mails.returns.faults.why', { reasons: reasonsInWords(say, { ...count, reasons: ours }) }),
      say('mails.returns.faults.next', places),
    ],
  });
}

async function mail(
  { programme, publicUrl }: ControlIssueDeps,
  stores: Stores,
  now: Date,
  dedupeKey: string,
  text: { subject: string; paragraphs: string[] },
): Promise<void> {
  const { staff, defaultLanguage } = programme;
  const to = staff.find(({ role }) => role === 'marketer') ?? staff.find(({ role }) => role === 'admin');
  if (!to) return;
  await stores.outbox.add({
    kind: 'notice',
    dedupeKey,
    to: to.email,
    language: defaultLanguage,
    data: { ...text, url: `${publicUrl}/staff/issues` },
    subscriberId: null,
    dueAt: now,
    at: now,
  });
}

function placesOf({ issueId, digestId, done, failed, uncertain }: FailureCount, bad: number) {
  const share = done > 0 ? Math.round((1000 * bad) / done) / 10 : 0;
  return { issue: issueId, digest: digestId, done, failed, uncertain, share };
}

function inProgrammeLanguage({ say, programme }: ControlIssueDeps) {
  return (key: string, values: Record<string, unknown> = {}) => say(programme.defaultLanguage, key, values);
}

function reasonsInWords(
  say: ReturnType<typeof inProgrammeLanguage>,
  { reasons }: Pick<FailureCount, 'reasons'>,
): string {
  return reasons.map(({ reason, count }) => `${say(`mails.returns.reason.${reason}`)} (${count})`).join(', ');
}
