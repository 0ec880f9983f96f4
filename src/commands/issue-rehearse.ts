import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { type RehearsedReader, rehearseIssue, sizeOfRehearsal } from '../journey/delivery/rehearse-issue.ts';
import { digestOf } from './issue-send.ts';
import { print, withProgram } from './with-program.ts';

export interface Rehearsal {
  digest: string;
  readers: RehearsedReader[];
  counts: { readers: number; mails: number; skipped: number; articles: number };
}

/** simmer issue rehearse: who would get what and why. Sends and writes nothing. */
export function issueRehearseCommand(issue: Command): void {
  issue
    .command('rehearse')
    .description('show who would get what and why, if an issue went out now; sends nothing, writes nothing')
    .requiredOption('--digest <id>', 'which digest of the programme')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer issue rehearse --digest news')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ digest: string; json?: boolean; programme?: string }>();
      const rehearsal = await withProgram(options, async ({ programme, database }) => {
        const digest = digestOf(programme, options.digest);
        const now = new Date();
        const size = await sizeOfRehearsal(database.stores, digest, now);
        const bar = progressBar(size.readers);
        const readers: RehearsedReader[] = [];
        try {
          for await (const reader of rehearseIssue(database.stores, digest, programme.choosing, now)) {
            readers.push(reader);
            bar?.increment();
          }
        } finally {
          bar?.stop();
        }
        const mails = readers.filter((reader) => 'picks' in reader).length;
        return {
          digest: digest.id,
          readers,
          counts: {
            readers: readers.length,
            mails,
            skipped: readers.length - mails,
            articles: size.articles,
          },
        };
      });
      print({ json: rehearsal, text: inWords(rehearsal) }, options.json);
    });
}

/** On stderr, and only for people. */
function progressBar(total: number): SingleBar | null {
  if (!process.stderr.isTTY || total === 0) return null;
  const bar = new SingleBar({ format: 'readers {bar} {value}/{total}', clearOnComplete: true });
  bar.start(total, 0);
  return bar;
}

function inWords({ digest, readers, counts }: Rehearsal): string {
  const lines = readers.flatMap((reader) => {
    if ('skip' in reader) return [reader.email, `  no mail: ${reader.skip}`, ''];
    const widest = Math.max(...reader.picks.map(({ title }) => Math.min(title.length, 60)));
    const picks = reader.picks.map(({ title, reason }) => {
      const cut = title.length > 60 ? `${title.slice(0, 59)}…` : title;
      return `  ${cut.padEnd(widest)}  ${reason}`;
    });
    return [reader.email, ...picks, ''];
  });
  const summary =
    `Digest "${digest}", if it went out now: ${counts.mails} of ${counts.readers} active readers get a mail, ` +
    `${counts.skipped} do not; ${counts.articles} fresh articles to draw from. Nothing was sent.`;
  return [...lines, summary].join('\n');
}
