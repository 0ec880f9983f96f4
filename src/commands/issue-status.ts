import type { Command } from 'commander';
import { staffViews } from '../adapters/postgres/staff-views.ts';
import type { IssueRow, UncertainMail } from '../journey/sales/views.ts';
import { print, withProgram } from './with-program.ts';

/** More uncertain mails than this are a fault of their own; the count in the issue's line is of all. */
const MOST_UNCERTAIN = 1000;

/** simmer issue status: how far each issue is, and the mails of which nobody knows whether they arrived. */
export function issueStatusCommand(issue: Command): void {
  issue
    .command('status')
    .description('show the latest issues: mails by what became of them, uncertain ones by name')
    .option('--limit <number>', 'how many issues', '10')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer issue status --json')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ limit: string; json?: boolean; programme?: string }>();
      const limit = Math.max(1, Number.parseInt(options.limit, 10) || 10);
      const status = await withProgram(options, async ({ pool }) => {
        const views = staffViews(pool);
        return { issues: await views.issues(limit), uncertain: await views.uncertain(MOST_UNCERTAIN) };
      });
      print({ json: status, text: inWords(status) }, options.json);
    });
}

function inWords({ issues, uncertain }: { issues: IssueRow[]; uncertain: UncertainMail[] }): string {
  if (issues.length === 0) return 'No issue has been planned yet.';
  const lines = issues.map(({ id, digestId, slot, status, deliveries }) => {
    const counts = Object.entries(deliveries).map(([name, count]) => `${count} ${name}`);
    return `${String(id).padStart(6)}  ${digestId}  ${slot}  ${status}: ${counts.join(', ') || 'no readers'}`;
  });
  if (uncertain.length > 0) {
    lines.push('', 'Uncertain (they may or may not have arrived; they are not sent again):');
    for (const { kind, id, to, since, reason } of uncertain) {
      const when = since === null ? '' : `, ${since.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
      lines.push(`  ${kind} ${id} to ${to}${when}: ${reason ?? 'no reason is known'}`);
    }
  }
  return lines.join('\n');
}
