import { SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import { staffViews } from '../adapters/postgres/staff/staff-views.ts';
import { type Tell, withWords } from '../domain/reason-text.ts';
import { counted, cut } from '../domain/text.ts';
import type { Database } from '../journey/ports.ts';
import type { IssueProgress } from '../journey/returns/ports/returns.ts';
import type { IssueRow, UncertainMail } from '../journey/staff/ports/staff-views.ts';
import type { Runtime } from '../runtime.ts';
import { commandTeller } from './tell.ts';
import { CommandError, print, withProgram } from './with-program.ts';

interface Options {
  limit: string;
  json?: boolean;
  watch?: boolean;
  programme?: string;
}

/** More uncertain mails than this are a fault of their own; the count in the issue's line is of all. */
const MOST_UNCERTAIN = 1000;
const WATCH_EVERY_MS = 1_000;

/**
 * simmer issue status: how far each issue is; with an id one issue closely. On a terminal an issue that is going out is
 * followed with a bar, elsewhere only with --watch.
 */
export function issueStatusCommand(issue: Command): void {
  issue
    .command('status')
    .description('show the latest issues, or one closely: sent, failed by reason, uncertain, rate, time left')
    .argument('[id]', 'one issue', readId)
    .option('--limit <number>', 'how many issues', '10')
    .option('--watch', 'follow it until it is done (one JSON object a line with --json)')
    .option('--no-watch', 'do not follow, also on a terminal')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  simmer issue status --json\n  simmer issue status 12 --watch --json',
    )
    .action(async (id: number | undefined, _options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      if (id !== undefined) return showOne(id, options);
      const limit = Math.max(1, Number.parseInt(options.limit, 10) || 10);
      await withProgram(options, async ({ pool, database, programme }) => {
        const tell = commandTeller(programme);
        const views = staffViews(pool);
        const status = {
          issues: await views.issues(limit),
          uncertain: await views.uncertain(MOST_UNCERTAIN),
        };
        print({ json: withWords(status, tell), text: inWords(status, tell) }, options.json);
        const latest = status.issues.find((one) => one.status === 'open');
        if (latest === undefined) return;
        const look = lookAt(pool, database, latest.id);
        if (follows(options, await look())) await watch(look, options.json === true, tell);
      });
    });
}

export interface IssueStatus extends IssueProgress {
  planned: number;
  sent: number;
  failed: number;
  uncertain: number;
  /** Of all that have a fate or are to have one. */
  total: number;
  /** Null: nothing is left, or at the rate of now there is no telling. */
  minutesLeft: number | null;
  uncertainMails: UncertainMail[];
}

function showOne(id: number, options: Options): Promise<void> {
  return withProgram(options, async ({ pool, database, programme }) => {
    const tell = commandTeller(programme);
    const look = lookAt(pool, database, id);
    const status = await look();
    if (follows(options, status)) await watch(look, options.json === true, tell);
    else print({ json: withWords(status, tell), text: closely(status, tell) }, options.json);
  });
}

function lookAt(pool: Runtime['pool'], database: Database, id: number): () => Promise<IssueStatus> {
  const uncertain = async () =>
    (await staffViews(pool).uncertain(MOST_UNCERTAIN)).filter(
      (mail) => mail.kind === 'issue' && mail.issueId === id,
    );
  return async () => statusOf(await found(database, id), await uncertain());
}

/** As told; else a person at a terminal sees what is going out, and is not kept waiting for what is due tomorrow. */
function follows({ watch: told, json }: Options, status: IssueStatus): boolean {
  if (told !== undefined) return told;
  return json !== true && process.stdout.isTTY && process.stderr.isTTY && isGoingOut(status, new Date());
}

/** Something of it is on its way, or due within the minute. */
export function isGoingOut({ status, deliveries, nextDueAt }: IssueStatus, now: Date): boolean {
  if (status !== 'open') return false;
  if ((deliveries.claimed ?? 0) + (deliveries.sending ?? 0) > 0) return true;
  return nextDueAt !== null && nextDueAt.getTime() - now.getTime() < 60_000;
}

async function found(database: Database, id: number): Promise<IssueProgress> {
  const progress = await database.stores.brake.progress(id, new Date());
  if (!progress) throw new CommandError(`there is no issue ${id}`);
  return progress;
}

/** What is left may be due later than the rate says: then the last due time counts. */
export function statusOf(progress: IssueProgress, uncertainMails: UncertainMail[]): IssueStatus {
  const count = (...statuses: string[]) =>
    statuses.reduce((sum, status) => sum + (progress.deliveries[status] ?? 0), 0);
  const planned = count('planned', 'claimed', 'sending');
  const [sent, failed, uncertain] = [count('sent'), count('failed'), count('uncertain')];
  const byRate = progress.perMinute > 0 ? planned / progress.perMinute : null;
  return {
    ...progress,
    planned,
    sent,
    failed,
    uncertain,
    total: planned + sent + failed + uncertain,
    minutesLeft: planned === 0 || byRate === null ? null : Math.ceil(byRate * 10) / 10,
    uncertainMails,
  };
}

/** Until nothing is left to send, or the issue is stopped, or the person has seen enough (Ctrl-C). */
async function watch(look: () => Promise<IssueStatus>, asJson: boolean, tell: Tell): Promise<void> {
  const bar = !asJson && process.stderr.isTTY ? new SingleBar({ format: BAR, hideCursor: true }) : null;
  let status = await look();
  bar?.start(Math.max(status.total, 1), done(status), placesOf(status));
  let isStopped = false;
  const stop = () => {
    isStopped = true;
  };
  process.once('SIGINT', stop);
  try {
    for (;;) {
      if (asJson)
        process.stdout.write(
          `${JSON.stringify({ ...(withWords(status, tell) as object), at: new Date().toISOString() })}\n`,
        );
      bar?.setTotal(Math.max(status.total, 1));
      bar?.update(done(status), placesOf(status));
      if (isStopped || status.status !== 'open' || status.planned === 0) break;
      await new Promise((resolve) => setTimeout(resolve, WATCH_EVERY_MS));
      status = await look();
    }
  } finally {
    process.off('SIGINT', stop);
    bar?.stop();
  }
  if (!asJson) process.stdout.write(`${closely(status, tell)}\n`);
}

const BAR = '{bar} {value}/{total}  {failed} failed, {uncertain} uncertain  {rate} mails/min  {left}';

function done({ sent, failed, uncertain }: IssueStatus): number {
  return sent + failed + uncertain;
}

function placesOf(status: IssueStatus) {
  const { failed, uncertain, perMinute } = status;
  return { failed, uncertain, rate: perMinute, left: leftInWords(status) };
}

function leftInWords({ planned, minutesLeft, nextDueAt, status }: IssueStatus): string {
  if (planned === 0) return 'nothing left';
  if (status !== 'open') return status;
  if (minutesLeft !== null)
    return minutesLeft < 1
      ? 'less than a minute left'
      : minutesLeft < 90
        ? `about ${Math.round(minutesLeft)} min left`
        : `about ${Math.round(minutesLeft / 6) / 10} h left`;
  return nextDueAt === null ? 'waiting' : `next due ${minute(nextDueAt)} UTC`;
}

function closely(status: IssueStatus, tell: Tell): string {
  const { id, digestId, slot, deliveries, failedBy, cameBackBy, leftOutBy, uncertainMails } = status;
  const lines = [
    `Issue ${id} of ${digestId}, ${slot}: ${withReason(status, tell)}`,
    `  ${status.planned} planned, ${status.sent} sent, ${status.failed} failed, ${status.uncertain} uncertain, ${(deliveries.skipped ?? 0) + (deliveries.cancelled ?? 0)} left out`,
    `  ${counted(status.perMinute, 'mail')} a minute; ${leftInWords(status)}`,
  ];
  if (failedBy.length > 0) lines.push('', 'Failed:');
  for (const { reason, count, example } of failedBy)
    lines.push(`  ${String(count).padStart(6)}  ${reason}: ${cut(example ? tell(example) : '', 120)}`);
  if (cameBackBy.length > 0) lines.push('', 'Came back after they were taken:');
  for (const { kind, reason, count } of cameBackBy)
    lines.push(`  ${String(count).padStart(6)}  ${kind}, ${reason}`);
  if (leftOutBy.length > 0) lines.push('', 'Left out:');
  for (const { reason, count } of leftOutBy)
    lines.push(`  ${String(count).padStart(6)}  ${cut(tell(reason), 160)}`);
  lines.push(...uncertainLines(uncertainMails, tell));
  return lines.join('\n');
}

function inWords(
  { issues, uncertain }: { issues: IssueRow[]; uncertain: UncertainMail[] },
  tell: Tell,
): string {
  if (issues.length === 0) return 'No issue has been planned yet.';
  const lines = issues.map((issue) => {
    const { id, digestId, slot } = issue;
    const counts = Object.entries(issue.deliveries).map(([name, count]) => `${count} ${name}`);
    return `${String(id).padStart(6)}  ${digestId}  ${slot}  ${withReason(issue, tell)}: ${counts.join(', ') || 'no readers'}`;
  });
  return [...lines, ...uncertainLines(uncertain, tell)].join('\n');
}

/** A paused or cancelled issue is never told without why. */
function withReason({ status, pauseReason }: Pick<IssueRow, 'status' | 'pauseReason'>, tell: Tell): string {
  return pauseReason === null ? status : `${status} (${tell(pauseReason)})`;
}

function uncertainLines(uncertain: UncertainMail[], tell: Tell): string[] {
  if (uncertain.length === 0) return [];
  return [
    '',
    'Uncertain (they may or may not have arrived; they are not sent again by themselves):',
    ...uncertain.map(({ kind, id, to, since, reason }) => {
      const when = since === null ? '' : `, ${minute(since)} UTC`;
      return `  ${kind === 'issue' ? 'mail' : kind} ${id} to ${to}${when}: ${reason ? tell(reason) : 'no reason is known'}`;
    }),
    ...[...new Set(uncertain.map(({ kind, issueId }) => (kind === 'issue' ? issueId : 'one-off')))].map(
      (which) => `Decide with: simmer issue resolve ${which} --uncertain leave|resend`,
    ),
  ];
}

function minute(at: Date): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function readId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError('allowed is the number of an issue, such as 12');
  return Number(text);
}
