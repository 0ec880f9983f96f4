import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { makeLog } from '../adapters/log.ts';
import { readSettings } from '../config/settings.ts';
import { beginOf, type Clock, liveThroughWeeks } from '../demo/history.ts';
import { localRoad } from '../demo/local-road.ts';
import { quietMoment } from '../demo/quiet-moment.ts';
import { LEAD_ZONE, type Step, walkTheRoad } from '../demo/walk.ts';
import type { Programme } from '../domain/programme.ts';
import { counted } from '../domain/text.ts';
import type { ShownSubscriber } from '../journey/audience/show-subscriber.ts';
import type { RunningProgram } from '../main.ts';
import { SetUpError } from '../runtime.ts';
import { freePort } from '../start/listen.ts';
import { stopOnSignals } from '../start/signals.ts';
import { commandTeller } from './tell.ts';
import { CommandError, commandLog } from './with-program.ts';

const EMAIL = 'anna.visser@kade-logistics.example';
/** No walk takes longer, on the slowest machine. */
const WALK_MS = 10 * 60_000;
const HISTORY = { people: 200, weeks: 9 };

/** simmer demo: the whole road, in a throw-away folder. */
export function demoCommand(simmer: Command): void {
  simmer
    .command('demo')
    .description('walk a lead down the whole road in a throw-away folder, over real HTTP and real SMTP')
    .option('--stay', 'fill the staff pages with some weeks of history and leave it running')
    .option('--at <moment>', 'as if it were then, such as 2027-01-01T00:00:00Z')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run demo\n  npm run demo -- --stay\n  PORT=3100 npm run demo -- --stay',
    )
    .action(async ({ stay, at }: { stay?: boolean; at?: string }) => {
      await demo(stay === true, at === undefined ? null : readMoment(at));
    });
}

async function demo(isToStay: boolean, at: Date | null): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'simmer-demo-'));
  const clock = movableClock();
  if (at) clock.set(at);
  const today = clock.now();
  if (isToStay) clock.set(beginOf(today, HISTORY.weeks));
  const port = process.env.PORT || (await freePort());
  const read = readSettings({
    DATA_DIR: folder,
    PORT: String(port),
    LOG_LEVEL: process.env.LOG_LEVEL || 'error',
  });
  if ('problems' in read) throw new SetUpError('the demo cannot make its settings');
  // Loaded only here: the other commands answer sooner without its adapters.
  const starting = import('../main.ts').then(({ startProgram }) =>
    startProgram({
      role: 'all',
      settings: read.settings,
      adjust: withoutWaiting,
      now: clock.now,
      log: makeLog(read.settings.logLevel),
      isQuiet: !isToStay,
    }),
  );
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= starting
      .then(({ stop }) => stop())
      .finally(() => rmSync(folder, { recursive: true, force: true }));
    return ending;
  };
  stopOnSignals(end);
  say(`Simmer demo in ${folder}, on http://localhost:${port}\n`);
  try {
    await show(await starting, isToStay, clock, today);
  } catch (error) {
    // Whoever ends it in the middle need not hear that the walk did not arrive.
    const isCalledOff = ending !== undefined;
    await end().catch(() => {});
    if (!isCalledOff) throw error;
  }
  if (!isToStay) await end();
}

async function show(
  { program, queue, publicUrl }: RunningProgram,
  isToStay: boolean,
  clock: Clock,
  today: Date,
): Promise<void> {
  if (isToStay) {
    say('Some weeks with made-up people:');
    const before = performance.now();
    const tell = (line: string) => say(`  ${line}`);
    await liveThroughWeeks(program, queue, clock, { ...HISTORY, end: today, tell });
    clock.set(new Date(today.getTime() + performance.now() - before));
    say('');
  }
  clock.set(quietMoment(program.programme, clock.now(), LEAD_ZONE, WALK_MS));
  let number = 0;
  const { lead, steps } = await walkTheRoad(
    localRoad(program, commandLog(), clock.now, commandTeller(program.programme)),
    program.programme,
    EMAIL,
    (step) => say(inWords(++number, step)),
  );
  say(summary(lead, steps.length));
  if (isToStay) {
    const member = program.programme.staff[0]?.email;
    say(
      `Look around: ${publicUrl}/staff (sign in as ${member}, the link is in ${publicUrl}/inbox). Ctrl+C ends it.`,
    );
  }
}

/**
 * Nobody wants to wait here: the hold window is two seconds, and Anna reads as soon as a mail arrives, which elsewhere is
 * one of the signs of a scanner.
 */
function withoutWaiting(programme: Programme): Programme {
  return {
    ...programme,
    sales: { ...programme.sales, holdMs: 2_000 },
    machines: { ...programme.machines, scannerWindowMs: 0, gatewayWindowMs: 0 },
  };
}

function readMoment(text: string): Date {
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new CommandError(`found --at "${text}"; allowed is a moment such as 2027-01-01T00:00:00Z`);
  return at;
}

/** Goes on from wherever it is set, as clocks do: limits by the second need one that moves. */
function movableClock(): Clock {
  let aheadMs = 0;
  return {
    now: () => new Date(Date.now() + aheadMs),
    set(to: Date) {
      aheadMs = to.getTime() - Date.now();
    },
  };
}

function inWords(number: number, { title, seen }: Step): string {
  return `${String(number).padStart(2)}. ${title}\n      ${seen}`;
}

function summary(lead: ShownSubscriber, steps: number): string {
  const sum = lead.ledger.reduce((total, { points }) => total + points, 0);
  const rows = lead.ledger.map(
    ({ points, cause }) => `   ${String(points > 0 ? `+${points}` : points).padStart(4)}  ${cause}`,
  );
  const sent = lead.deliveries.filter(({ status }) => status === 'sent').length;
  const titles = lead.deliveries.flatMap(({ picks }) => picks.map(({ title }) => title));
  return [
    '',
    `The whole road in ${steps} steps, each with the score the programme's table gives by hand.`,
    '',
    ...rows,
    `   ${'-'.repeat(4)}`,
    `   ${String(sum).padStart(4)}  the score, the sum of its ledger`,
    '',
    `${counted(sent, 'issue')} with ${counted(titles.length, 'article')}, none of them twice: ${new Set(titles).size} different ones.`,
    `${counted(lead.qualifications.length, 'time')} handed to sales, one alert each: ${lead.qualifications.map(({ outcome }) => outcome).join(', then ')}.`,
    '',
  ].join('\n');
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
