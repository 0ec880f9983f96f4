import type { Command } from 'commander';
import type { Digest, Programme } from '../domain/programme.ts';
import { counted } from '../domain/text.ts';
import { NotAReader, sendNow } from '../journey/delivery/plan-issue.ts';
import { commandTeller } from './tell.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, commandLog, print, withProgram } from './with-program.ts';

/** simmer issue send: plans an issue outside its schedule; the running workers send it. `issue` is the group's command. */
export function issueSendCommand(issue: Command): void {
  issue
    .command('send')
    .description('send an issue now, outside its schedule; running workers take it from there')
    .requiredOption('--digest <id>', 'which digest of the programme')
    .requiredOption('--now', 'yes, now: there is no way back')
    .option('--to <email>', 'only to this active reader')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer issue send --digest news --now --to anna@example.com')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<{
        digest: string;
        to?: string;
        json?: boolean;
        programme?: string;
      }>();
      await withProgram(options, async ({ programme, database, links }) => {
        const digest = digestOf(programme, options.digest);
        const only = { by: whoAmI(), ...(options.to === undefined ? {} : { to: options.to }) };
        const planned = await sendNow(
          { programme, database, links, log: commandLog() },
          digest,
          only,
          new Date(),
        ).catch((error: Error) => {
          if (!(error instanceof NotAReader)) throw error;
          const why = error.why ? `: ${commandTeller(programme)(error.why)}` : '';
          throw new CommandError(`${error.message}${why}`);
        });
        const readers = options.to?.trim() ?? counted(planned.planned, 'reader');
        print(
          {
            json: { issueId: planned.issueId, slot: planned.slot, planned: planned.planned },
            text: `Issue ${planned.issueId} is planned for ${readers}; running workers send it now ("simmer issue status" shows how far they are).`,
          },
          options.json,
        );
      });
    });
}

/** The digest of this id, or the programme's only one. Throws CommandError when there is none or a choice. */
export function digestOf({ digests }: Programme, id?: string): Digest {
  const digest = id === undefined && digests.length === 1 ? digests[0] : digests.find((one) => one.id === id);
  if (!digest) {
    const known = digests.map((one) => one.id).join(', ');
    if (id === undefined) throw new CommandError(`say which digest with --digest: ${known}`);
    throw new CommandError(`found the digest "${id}"; the programme has: ${known}`);
  }
  return digest;
}
