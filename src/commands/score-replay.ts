import type { Command } from 'commander';
import { counted } from '../domain/text.ts';
import { checkReplay, type ReplayCheck } from '../journey/scoring/check-replay.ts';
import { progressBar } from './score.ts';
import { print, withProgram } from './with-program.ts';

const MOST_SHOWN = 50;

/** simmer score replay --check: is every score what the rules make of its history? `score` is the group's command. */
export function scoreReplayCommand(score: Command): void {
  score
    .command('replay')
    .description(
      'replay all history by the rules that hold and compare every score, to the point; changes nothing',
    )
    .requiredOption('--check', 'say which leads differ; exit code 1 when any does')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer score replay --check')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ json?: boolean; programme?: string }>();
      const check = await withProgram(options, ({ database, loaded: { programme }, links }) => {
        const bar = progressBar('events');
        const { history, rules } = database.stores;
        return checkReplay({ history, rules, programme, links }, (done, all) =>
          bar.update(done.events, all.events),
        ).finally(() => bar.stop());
      });
      print({ json: check, text: inWords(check) }, options.json);
      if (check.different.length > 0) process.exitCode = 1;
    });
}

function inWords({ version, leads, events, different }: ReplayCheck): string {
  const base = `${counted(events, 'event')} of ${counted(leads, 'lead')} replayed by rules ${version}`;
  if (different.length === 0)
    return `${base}: every score is equal, to the point, and the sum of its ledger.`;
  const rows = different
    .slice(0, MOST_SHOWN)
    .map(
      ({ email, score, replayed, ledger }) =>
        `  ${email}: score ${score}, replayed ${replayed}, ledger ${ledger}`,
    );
  const more = different.length > MOST_SHOWN ? [`  … and ${different.length - MOST_SHOWN} more`] : [];
  return [
    `${base}: ${different.length} ${different.length === 1 ? 'differs' : 'differ'}.`,
    ...rows,
    ...more,
    'Where the rules of the programme were changed since these points were given, "simmer score apply" makes them equal.',
  ].join('\n');
}
