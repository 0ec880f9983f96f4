import { brakes } from '../../domain/delivery/return-rules.ts';
import { REASONS } from '../../domain/delivery/returned-mail/reasons.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Database, Log, Say, Stores } from '../ports.ts';
import type { FailureCount } from './return-ports.ts';

export interface BrakeDeps {
  database: Database;
  programme: Pick<Programme, 'returns' | 'staff' | 'defaultLanguage'>;
  say: Say;
  /** Where the marketer looks at the issue. */
  publicUrl: string;
  log: Log;
}

/** open → paused, at once: what is claimed and not on the wire goes back. False: the issue was not open. */
export function pauseIssue(database: Database, issueId: number, why: string, now: Date): Promise<boolean> {
  return database.stores.brake.pause(issueId, why, now);
}

/** paused → open. What failed before the pause no longer counts for the automatic one. False: it was not paused. */
export function resumeIssue(database: Database, issueId: number): Promise<boolean> {
  return database.stores.brake.resume(issueId);
}

/** open or paused → cancelled; mails on the wire arrive. Null: it was neither. Says how many mails are not sent. */
export function cancelIssue(
  database: Database,
  issueId: number,
  why: string,
  now: Date,
): Promise<number | null> {
  return database.stores.brake.cancel(issueId, why, now);
}

/**
 * Decides about mails of which nobody knows whether they arrived: those of an issue, or (null) the one-off mails, such as
 * alerts to sales. `resend` sends them again under the same Message-ID. Says how many.
 */
export function resolveUncertain(
  { stores }: Database,
  issueId: number | null,
  how: 'leave' | 'resend',
  now: Date,
): Promise<number> {
  return issueId === null
    ? stores.outbox.resolveUncertain(how, now)
    : stores.brake.resolveUncertain(issueId, how, now);
}

/**
 * Pauses issues of which too much fails, each with exactly one mail to the marketer; tells of many refusals that are our
 * own fault once per issue. Any number of workers may do so at the same time.
 */
export async function watchIssues(deps: BrakeDeps, now: Date): Promise<{ paused: number[] }> {
  const { database, programme, log } = deps;
  const { brake, faultsToTell } = programme.returns;
  await database.stores.brake.handBackHeld();
  const paused: number[] = [];
  const fewest = Math.min(
    faultsToTell,
    brake === null ? faultsToTell : Math.ceil(brake.minimum * brake.share),
  );
  for (const count of await database.stores.brake.failing(Math.max(1, fewest))) {
    if (brakes(brake, count)) {
      if (!(await pauseWithMail(deps, count, now))) continue;
      log.warn(
        { issueId: count.issueId, done: count.done, failed: count.failed },
        'too much failed: the issue is paused',
      );
      paused.push(count.issueId);
    } else if (brake === null || count.done >= brake.minimum) {
      await tellOfFaults(deps, count, now);
    }
  }
  return { paused };
}

function pauseWithMail(deps: BrakeDeps, count: FailureCount, now: Date): Promise<boolean> {
  const say = inProgrammeLanguage(deps);
  const places = placesOf(count);
  return deps.database.inTransaction(async (stores) => {
    if (!(await stores.brake.pause(count.issueId, say('mails.returns.pauseReason', places), now)))
      return false;
    await mail(deps, stores, now, `brake:${count.issueId}:${count.pauses + 1}`, {
      subject: say('mails.returns.paused.subject', places),
      paragraphs: [
        say('mails.returns.paused.what', places),
        say('mails.returns.paused.why', { reasons: reasonsInWords(say, count) }),
        say('mails.returns.paused.next', places),
      ],
    });
    return true;
  });
}

async function tellOfFaults(deps: BrakeDeps, count: FailureCount, now: Date): Promise<void> {
  const ours = count.reasons.filter(({ reason }) =>
    (REASONS['sender-fault'] as readonly string[]).includes(reason),
  );
  const faults = ours.reduce((sum, one) => sum + one.count, 0);
  if (faults < deps.programme.returns.faultsToTell) return;
  const say = inProgrammeLanguage(deps);
  const places = { ...placesOf(count), faults };
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
  { programme, publicUrl }: BrakeDeps,
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

function placesOf({ issueId, digestId, done, failed }: FailureCount) {
  const share = done > 0 ? Math.round((1000 * failed) / done) / 10 : 0;
  return { issue: issueId, digest: digestId, done, failed, share };
}

function inProgrammeLanguage({ say, programme }: BrakeDeps) {
  return (key: string, values: Record<string, unknown> = {}) => say(programme.defaultLanguage, key, values);
}

function reasonsInWords(
  say: ReturnType<typeof inProgrammeLanguage>,
  { reasons }: Pick<FailureCount, 'reasons'>,
): string {
  return reasons.map(({ reason, count }) => `${say(`mails.returns.reason.${reason}`)} (${count})`).join(', ');
}
