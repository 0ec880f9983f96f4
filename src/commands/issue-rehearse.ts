import { once } from 'node:events';
import type { Command } from 'commander';
import type { Findings } from '../domain/delivery/rehearsal.ts';
import type { Tell } from '../domain/reason-text.ts';
import { counted, shortened } from '../domain/text.ts';
import { openRehearsal, type RehearsedReader, sizeOfRehearsal } from '../journey/delivery/rehearse-issue.ts';
import { rehearseDeps } from './issue-deps.ts';
import { digestOf } from './issue-send.ts';
import { progressBar } from './progress.ts';
import { commandTeller } from './tell.ts';
import { CommandError, withProgram } from './with-program.ts';

/** In words, so many readers are shown one by one; the findings are about all. */
const SHOWN = 20;

/** simmer issue rehearse: who would get what and why, and what should be mended first. Sends and writes nothing. */
export function issueRehearseCommand(issue: Command): void {
  issue
    .command('rehearse')
    .description(
      'show who would get what and why, if an issue went out now, and what to mend first; sends nothing, writes nothing',
    )
    .option('--digest <id>', 'which digest of the programme (default: its only one)')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nExit code 1: something must be mended before this issue goes out.\n\nExample:\n  simmer issue rehearse',
    )
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{ digest?: string; json?: boolean; programme?: string }>();
      const findings = await withProgram(options, async (program) => {
        const digest = digestOf(program.programme, options.digest);
        const deps = await rehearseDeps(program);
        const tell = commandTeller(program.programme);
        const rehearsal = await openRehearsal(deps, digest, new Date());
        const out = options.json ? jsonOut(digest.id, tell) : wordsOut(tell);
        // JSON on a terminal is written while the bar would stand there.
        const isBarWanted = !(options.json && process.stdout.isTTY);
        const bar = isBarWanted ? progressBar('readers', await sizeOfRehearsal(deps.stores)) : null;
        try {
          for await (const reader of rehearsal.readers()) {
            await out.reader(reader);
            bar?.increment();
          }
        } finally {
          bar?.stop();
        }
        let links: ReturnType<typeof progressBar> = null;
        const found = await rehearsal.findings((done, of) => {
          if (isBarWanted) links ??= progressBar('links', of);
          links?.update(done);
        });
        (links as ReturnType<typeof progressBar>)?.stop();
        await out.end(found, digest.id);
        return found;
      });
      const { length } = findings.problems;
      if (length > 0)
        throw new CommandError(
          `${counted(length, 'thing')} to mend before this issue goes out:\n${findings.problems
            .map((problem) => `  - ${problem}`)
            .join('\n')}`,
        );
    });
}

interface Out {
  reader(reader: RehearsedReader): Promise<void>;
  end(findings: Findings, digest: string): Promise<void>;
}

/** Written as it comes: the readers of a large list never stand in memory together. */
function jsonOut(digest: string, tell: Tell): Out {
  let isFirst = true;
  return {
    async reader(reader) {
      await write(isFirst ? `{\n"digest": ${JSON.stringify(digest)},\n"readers": [\n` : ',\n');
      isFirst = false;
      await write(JSON.stringify(withWords(reader, tell)));
    },
    async end(findings) {
      if (isFirst) await write(`{\n"digest": ${JSON.stringify(digest)},\n"readers": [`);
      await write(`\n],\n${JSON.stringify(findingsWithWords(findings, tell), null, 2).slice(2)}\n`);
    },
  };
}

/** Written at the end: before, a progress bar moves on the same terminal. */
/** For programs: words, and beside them the code and values they are made of. */
function withWords(reader: RehearsedReader, tell: Tell) {
  if ('skip' in reader) return { email: reader.email, skip: tell(reader.skip), because: reader.skip };
  const picks = reader.picks.map((pick) => ({ ...pick, reason: tell(pick.reason), because: pick.reason }));
  return { email: reader.email, picks };
}

function findingsWithWords(findings: Findings, tell: Tell) {
  const skips = findings.skips.map(({ examples, ...skip }) => ({
    ...skip,
    examples: examples.map(({ email, reason }) => ({ email, reason: tell(reason), because: reason })),
  }));
  return { ...findings, skips };
}

function wordsOut(tell: Tell): Out {
  let readers = 0;
  const shown: string[] = [];
  return {
    async reader(reader) {
      readers += 1;
      if (readers <= SHOWN) shown.push(readerInWords(reader, tell));
    },
    async end(findings, digest) {
      for (const words of shown) await write(`${words}\n`);
      if (readers > SHOWN)
        await write(`… and ${counted(readers - SHOWN, 'more reader')} (--json names all)\n\n`);
      await write(`${findingsInWords(findings, digest, tell)}\n`);
    },
  };
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

function readerInWords(reader: RehearsedReader, tell: Tell): string {
  if ('skip' in reader) return `${reader.email}\n  no mail: ${tell(reader.skip)}\n`;
  const widest = Math.max(...reader.picks.map(({ title }) => Math.min(title.length, 60)));
  const picks = reader.picks.map(({ title, reason }) => {
    return `  ${shortened(title, 60).padEnd(widest)}  ${tell(reason)}`;
  });
  return [reader.email, ...picks, ''].join('\n');
}

const CAUSES = {
  paused: 'paused',
  planning: 'not due: paused, monthly, or in talks with sales',
  'no-interests': 'have chosen no interests',
  'too-few-articles': 'too few new articles for them',
} as const;

function findingsInWords(found: Findings, digest: string, tell: Tell): string {
  const { counts, skips, reach, sizes, links, control, warnings } = found;
  const lines = [
    `Digest "${digest}", if it went out now: ${counts.mails} of ${counted(counts.readers, 'active reader')} ${counts.mails === 1 ? 'gets' : 'get'} a mail, ` +
      `${counts.skipped} ${counts.skipped === 1 ? 'does' : 'do'} not; ${counted(counts.articles, 'fresh article')} to draw from. Nothing was sent.`,
  ];
  if (control > 0)
    lines.push(
      `${control} of the mails ${control === 1 ? 'is' : 'are'} the control group's: the same digest for all.`,
    );
  if (skips.length > 0) lines.push('', 'Who gets nothing:');
  for (const { cause, count, examples } of skips) {
    lines.push(`  ${count}  ${CAUSES[cause]}`);
    for (const { email, reason } of examples) lines.push(`       ${email}: ${tell(reason)}`);
  }
  if (reach.length > 0) lines.push('', 'Articles by reach (mails, of these as main article):');
  for (const { title, mails, asMain } of reach.slice(0, 10))
    lines.push(`  ${String(mails).padStart(6)} ${String(asMain).padStart(6)}  ${title}`);
  if (reach.length > 10) lines.push(`  … and ${reach.length - 10} more`);
  if (sizes.largest)
    lines.push(
      '',
      `The largest mail, to ${sizes.largest.email}, has ${Math.round(sizes.largest.bytes / 1000)} kB.`,
    );
  lines.push(`${counted(links.checked, 'link')} looked at, ${links.failing.length} of them with trouble.`);
  if (warnings.length > 0) lines.push('', 'Worth a look:', ...warnings.map((warning) => `  - ${warning}`));
  return lines.join('\n');
}
