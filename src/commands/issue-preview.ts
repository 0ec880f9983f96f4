import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { reasonOfPick } from '../domain/content/choosing/pick.ts';
import { openPreview } from '../journey/delivery/preview/preview-issue.ts';
import { rehearseDeps } from './issue-deps.ts';
import { digestOf } from './issue-send.ts';
import { commandTeller } from './tell.ts';
import { CommandError, print, withProgram } from './with-program.ts';

interface Options {
  for: string;
  digest?: string;
  out?: string;
  open?: boolean;
  json?: boolean;
  programme?: string;
}

/** simmer issue preview: one reader's mail as a file. Its links lead straight to their targets and count nothing. */
export function issuePreviewCommand(issue: Command): void {
  issue
    .command('preview')
    .description(
      "write the mail that a reader would get now to a file; sends nothing, counts nobody's clicks",
    )
    .requiredOption('--for <email>', 'the reader')
    .option('--digest <id>', 'which digest of the programme (default: its only one)')
    .option('--out <file>', 'where to (default: preview.html here)')
    .option('--open', 'show it in the browser')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer issue preview --for anna@example.com --open')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      await withProgram(options, async (program) => {
        const { programme, database } = program;
        const digest = digestOf(programme, options.digest);
        const email = options.for.trim().toLowerCase();
        const subscriber = await database.stores.subscribers.findByEmail(email);
        if (!subscriber) throw new CommandError(`found no subscriber ${options.for}`);
        if (subscriber.status !== 'active')
          throw new CommandError(`found ${options.for} ${subscriber.status}; only active readers get issues`);
        const tell = commandTeller(programme);
        const deps = await rehearseDeps(program);
        const preview = await openPreview(deps, digest, new Date());
        const reader = await preview.reader(subscriber.id);
        if (!reader) throw new CommandError(`found ${options.for} no longer among the active readers`);
        if ('skip' in reader)
          throw new CommandError(`${options.for} would get no mail: ${tell(reader.skip)}`);
        const language = programme.languages.includes(subscriber.language)
          ? subscriber.language
          : programme.defaultLanguage;
        const mail = deps.mails.render('issue', language, preview.mail(reader));
        const file = resolve(options.out ?? 'preview.html');
        try {
          writeFileSync(file, mail.html);
        } catch (error) {
          throw new CommandError(`${file} cannot be written: ${(error as Error).message}`);
        }
        if (options.open) showInBrowser(pathToFileURL(file).href);
        const picks = reader.picks.map(({ article, pick }) => ({
          title: article.title,
          url: article.url,
          interest: pick.interest,
          reason: tell(reasonOfPick(pick)),
          because: reasonOfPick(pick),
        }));
        const bytes = Buffer.byteLength(mail.html);
        print(
          {
            json: { email, digest: digest.id, file, subject: mail.subject, bytes, picks },
            text: [
              `${file}: the mail to ${email}, ${Math.round(bytes / 1000)} kB`,
              `Subject: ${mail.subject}`,
              ...picks.map(({ title, reason }) => `  ${title}  (${reason})`),
            ].join('\n'),
          },
          options.json,
        );
      });
    });
}

/** The desktop's own way of opening an address. Where there is none, the file is there all the same. */
function showInBrowser(url: string): void {
  const [program, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', '', url]
        : ['xdg-open', url];
  const child = spawn(program!, args, { stdio: 'ignore', detached: true });
  child.on('error', () => process.stderr.write(`no browser was found to open ${url}\n`));
  child.unref();
}
