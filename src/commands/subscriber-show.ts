import type { Command } from 'commander';
import { type ShownSubscriber, showSubscriber } from '../journey/audience/show-subscriber.ts';
import { commandTeller } from './tell.ts';
import { CommandError, print, withProgram } from './with-program.ts';

/** simmer subscriber show EMAIL: everything Simmer knows about one subscriber. `subscriber` is the group's command. */
export function subscriberShowCommand(subscriber: Command): void {
  subscriber
    .command('show')
    .description(
      'show one subscriber: status, score and how it came about, mails and why they held what they held',
    )
    .argument('<email>', 'address of the subscriber')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer subscriber show anna@example.com --json')
    .action(async (email: string, _options, command: Command) => {
      const options = command.optsWithGlobals<{ json?: boolean; programme?: string }>();
      const shown = await withProgram(options, ({ database, programme }) =>
        showSubscriber({ ...database.stores, tell: commandTeller(programme) }, email),
      );
      if (!shown) throw new CommandError(`nobody has the address ${email}`);
      print({ json: shown, text: inWords(shown, new Date()) }, options.json);
    });
}

function inWords(shown: ShownSubscriber, now: Date): string {
  const { suppressedWhy, pausedUntil, pauseReason } = shown;
  const lines = [
    `${shown.email}: ${withReason(shown.status, suppressedWhy)}, ${shown.stage.toUpperCase()}, score ${shown.score}`,
    ...(pausedUntil !== null && new Date(pausedUntil) > now
      ? [`Mails pause until ${minute(pausedUntil)}: ${pauseReason ?? "the reader's own wish"}`]
      : []),
    `Interests: ${shown.interests.join(', ') || 'none'}`,
  ];
  for (const { purpose, times, at, nextAt } of shown.withheldMails ?? [])
    lines.push(
      `Not sent: ${times} (${purpose}), last ${minute(at)}; the mailbox may get the next one ${minute(nextAt)}`,
    );
  if (shown.ledger.length > 0) {
    lines.push('', 'Score');
    for (const { points, at, cause } of shown.ledger) {
      lines.push(`  ${signed(points).padStart(4)}  ${minute(at)}  ${cause}`);
    }
  }
  for (const { issue, status, reason, picks } of shown.deliveries) {
    lines.push('', `Issue ${issue}: ${withReason(status, reason)}`);
    for (const { title, interest, reason } of picks) lines.push(`  ${title} (${interest}: ${reason})`);
  }
  for (const { at, score, alertSentAt, alertReason, outcome } of shown.qualifications) {
    const alert =
      alertSentAt !== null
        ? `alert sent ${minute(alertSentAt)}`
        : alertReason === null
          ? 'alert not sent yet'
          : withReason('alert not sent', alertReason);
    lines.push(
      '',
      `SQL since ${minute(at)} with score ${score}; ${alert}; outcome: ${outcome ?? 'none yet'}`,
    );
  }
  return lines.join('\n');
}

/** A status is never said without its reason, where there is one. */
function withReason(status: string, reason: string | null): string {
  return reason === null ? status : `${status} (${reason})`;
}

function signed(points: number): string {
  return points > 0 ? `+${points}` : String(points);
}

/** "2026-11-21 14:05" in UTC. */
function minute(at: string): string {
  return at.slice(0, 16).replace('T', ' ');
}
