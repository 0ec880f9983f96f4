import type { Command } from 'commander';
import type { Lift } from '../domain/content/choosing/lift.ts';
import { counted } from '../domain/text.ts';
import { type LiftReport, reportLift } from '../journey/content/report-lift.ts';
import { CommandError, print, withProgram } from './with-program.ts';

/** simmer report lift: what choosing for each reader brings, measured against the control group. */
export function reportLiftCommand(report: Command): void {
  report
    .command('lift')
    .description('what personal choosing brings in clicks and SQLs, measured against the control group')
    .option('--since <day>', 'issues sent from this day on, as YYYY-MM-DD (default: all)')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer report lift --since 2026-09-01')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ since?: string; json?: boolean; programme?: string }>();
      const since = new Date(`${options.since ?? '2000-01-01'}T00:00:00Z`);
      if (!/^\d{4}-\d\d-\d\d$/.test(options.since ?? '2000-01-01') || Number.isNaN(since.getTime()))
        throw new CommandError(`found the day "${options.since}"; allowed is YYYY-MM-DD`);
      await withProgram(options, async ({ programme, database }) => {
        const found = await reportLift(database.stores, since);
        print({ json: found, text: inWords(found, programme.choosing.controlShare) }, options.json);
      });
    });
}

function inWords({ groups, inBoth, clicks, sqls }: LiftReport, share: number): string {
  const { personal, control } = groups;
  const lines = [
    `Personal digests: ${counted(personal.readers, 'reader')}, ${personal.clicked} clicked an article, ${personal.qualified} became SQL.`,
    `Control group (${percent(share)} of all; the same digest for everybody): ${counted(control.readers, 'reader')}, ${control.clicked} clicked, ${control.qualified} became SQL.`,
  ];
  if (inBoth > 0)
    lines.push(
      `${counted(inBoth, 'reader changed groups and counts', 'readers changed groups and count')} in neither.`,
    );
  if (!clicks || !sqls)
    return [...lines, 'There is nothing to compare yet: an issue has to go out to both groups.'].join('\n');
  return [...lines, '', liftInWords('Clicks', clicks), liftInWords('SQLs', sqls)].join('\n');
}

function liftInWords(what: string, { personal, control, difference, ratio, isSure }: Lift): string {
  const points = (value: number) => `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}`;
  const relative = ratio
    ? `; × ${ratio.value.toFixed(2)} (${ratio.from.toFixed(2)} to ${ratio.to.toFixed(2)})`
    : '';
  return (
    `${what}: ${percent(personal)} against ${percent(control)}: ${points(difference.value)} points, ` +
    `95 % sure of ${points(difference.from)} to ${points(difference.to)}${relative}. ` +
    (isSure ? 'This is more than chance.' : 'This may be chance: wait for more mails.')
  );
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
