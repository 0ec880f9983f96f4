import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { readCsv } from '../domain/audience/people-file/csv.ts';
import { readFileText } from '../domain/audience/people-file/file-text.ts';
import { readTouchpointFile, TOUCHPOINT_COLUMNS } from '../domain/scoring/touchpoint-file.ts';
import { TOUCHPOINT_NAME } from '../domain/scoring/touchpoint-form.ts';
import { cut } from '../domain/text.ts';
import { importTouchpoints, type RowOutcome } from '../journey/scoring/import-touchpoints.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, print, withProgram } from './with-program.ts';

/** simmer touchpoint import FILE.csv: people met elsewhere, at a fair or on the phone, on the same profiles and ledger. */
export function touchpointImportCommand(touchpoint: Command): void {
  touchpoint
    .command('import')
    .description('read a list of people met elsewhere (CSV)')
    .argument('<file>', `columns: ${TOUCHPOINT_COLUMNS.join(', ')}; only email is needed`)
    .option('--touchpoint <name>', 'for rows that name none', readName, 'trade-fair')
    .option('--date <day>', 'for rows without a date, as YYYY-MM-DD (default: today)', readDay)
    .option('--dry-run', 'say what would happen, and change nothing')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nReading a list again adds only what is missing. New addresses become pending leads and are not mailed.' +
        '\nA row that cannot be read is named and left out; then the exit code is 1.' +
        '\n\nExample:\n  simmer touchpoint import fair.csv --touchpoint trade-fair --date 2026-11-12 --dry-run',
    )
    .action(async (path: string, _options, command: Command) => {
      const options = command.optsWithGlobals<{
        touchpoint: string;
        date?: Date;
        dryRun?: boolean;
        json?: boolean;
        programme?: string;
      }>();
      const isDryRun = options.dryRun === true;
      const bytes = await readFile(path).catch((error: Error) => {
        throw new CommandError(`${path} cannot be read: ${error.message}`);
      });
      const file = readFileText(bytes);
      if ('problem' in file)
        throw new CommandError(`${path} is a workbook or an archive: save its sheet as CSV, and import that`);
      const { rows, problems, notes } = await withProgram(options, async ({ database, programme }) => {
        const now = new Date();
        const today = new Date(now.toISOString().slice(0, 10));
        const { languages, defaultLanguage } = programme;
        const at = options.date ?? today;
        const defaults = { touchpoint: options.touchpoint, at, now, languages, defaultLanguage };
        const read = readTouchpointFile(readCsv(file.text), defaults);
        const source = cut(`import ${basename(path)}`, 60);
        const done = await importTouchpoints(
          { database },
          { rows: read.rows, source, isDryRun, by: whoAmI() },
          now,
        );
        return { rows: done, problems: read.problems, notes: read.notes };
      });
      const count = (outcome: RowOutcome) => rows.filter((row) => row.outcome === outcome).length;
      const counts = {
        recorded: count('recorded'),
        newLeads: count('recorded, new lead'),
        known: count('known'),
        leftOut: problems.length,
      };
      const lines = [
        `${isDryRun ? 'would be recorded' : 'recorded'}: ${counts.recorded + counts.newLeads} (${counts.newLeads} of them ${counts.newLeads === 1 ? 'a new lead' : 'new leads'}) · known already: ${counts.known}`,
        ...problems.map(
          ({ line, column, found, allowed }) =>
            `line ${line}, ${column}: found ${found}; allowed is ${allowed}`,
        ),
        ...notes.map(
          ({ line, column, found, allowed }) =>
            `line ${line} came in without its ${column}: found ${found}; allowed is ${allowed}`,
        ),
      ];
      print(
        { json: { dryRun: isDryRun, ...counts, rows, problems, notes }, text: lines.join('\n') },
        options.json,
      );
      if (problems.length > 0) process.exitCode = 1;
    });
}

function readName(written: string): string {
  if (!TOUCHPOINT_NAME.test(written))
    throw new InvalidArgumentError('It is a short lower-case word, such as trade-fair');
  return written;
}

function readDay(written: string): Date {
  const day = new Date(`${written}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(written) || Number.isNaN(day.getTime()))
    throw new InvalidArgumentError('It is a day as YYYY-MM-DD, such as 2026-11-12');
  return day;
}
