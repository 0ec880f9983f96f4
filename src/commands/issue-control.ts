import { type Command, InvalidArgumentError } from 'commander';
import { asText, type Reason } from '../domain/reason.ts';
import { counted } from '../domain/text.ts';
import { cancelIssue, pauseIssue, resolveUncertain, resumeIssue } from '../journey/delivery/control-issue.ts';
import type { Database } from '../journey/ports.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, print, withProgram } from './with-program.ts';

interface Common {
  json?: boolean;
  programme?: string;
  why?: string;
  uncertain?: 'leave' | 'resend';
}

/** simmer issue pause|resume|cancel|resolve: takes hold of an issue under way. `issue` is the group's command. */
export function issueControlCommands(issue: Command): void {
  issue
    .command('pause')
    .description('stop an issue for now: what is not on the wire stays planned')
    .argument('<id>', 'the issue, as "simmer issue status" shows it', issueId)
    .option('--why <reason>', 'shown in the status')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer issue pause 12 --why "wrong brochure"')
    .action(async (id: number, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      await act(options, id, async (database) => {
        const why: Reason = options.why ? asText(options.why) : { code: 'issue.paused-by-hand' };
        if (!(await pauseIssue(database, { issueId: id, why, by: whoAmI() }, new Date())))
          throw new CommandError(await whyNot(database, id, 'paused'));
        return { text: `Issue ${id} is paused. Go on with: simmer issue resume ${id}`, status: 'paused' };
      });
    });

  issue
    .command('resume')
    .description('go on with a paused issue')
    .argument('<id>', 'the issue', issueId)
    .option('--json', 'print JSON alone on stdout')
    .action(async (id: number, _options, command: Command) => {
      await act(command.optsWithGlobals<Common>(), id, async (database) => {
        if (!(await resumeIssue(database, { issueId: id, by: whoAmI() }, new Date())))
          throw new CommandError(await whyNot(database, id, 'resumed'));
        return { text: `Issue ${id} goes on: running workers send what is due.`, status: 'open' };
      });
    });

  issue
    .command('cancel')
    .description('send nothing more of an issue; mails that went out stay out')
    .argument('<id>', 'the issue', issueId)
    .option('--why <reason>', 'kept with every mail that is not sent')
    .option('--json', 'print JSON alone on stdout')
    .action(async (id: number, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      await act(options, id, async (database) => {
        const left = await cancelIssue(
          database,
          {
            issueId: id,
            why: options.why ? asText(options.why) : { code: 'issue.cancelled-by-hand' },
            by: whoAmI(),
          },
          new Date(),
        );
        if (left === null) throw new CommandError(await whyNot(database, id, 'cancelled'));
        return {
          text: `Issue ${id} is cancelled; ${counted(left, 'planned mail is', 'planned mails are')} not sent.`,
          status: 'cancelled',
          left,
        };
      });
    });

  issue
    .command('resolve')
    .description('decide about mails of which nobody knows whether they arrived')
    .argument(
      '<id>',
      `the issue, or ${ONE_OFF} for mails that belong to none, such as alerts to sales`,
      issueOrOneOff,
    )
    .requiredOption(
      '--uncertain <how>',
      'leave: do not send them again · resend: send them again under the same Message-ID',
      how,
    )
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      `\nExamples:\n  simmer issue resolve 12 --uncertain leave\n  simmer issue resolve ${ONE_OFF} --uncertain resend`,
    )
    .action(async (id: number | null, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const decision = options.uncertain!;
      await act(options, id, async (database) => {
        if (id !== null && !(await database.stores.issues.find(id)))
          throw new CommandError(`there is no issue ${id}`);
        const mails = await resolveUncertain(
          database,
          { issueId: id, how: decision, by: whoAmI() },
          new Date(),
        );
        const what = id === null ? 'one-off ' : '';
        const number = counted(mails, `uncertain ${what}mail`);
        const count = id === null ? number : `${number} of issue ${id}`;
        const text =
          decision === 'leave'
            ? `${count} left as ${mails === 1 ? 'it is; it is' : 'they are; they are'} no longer listed.`
            : `${count} planned again, under the same Message-ID; running workers send ${mails === 1 ? 'it' : 'them'}.`;
        return { text, resolved: mails, how: decision };
      });
    });
}

async function act(
  options: Common,
  id: number | null,
  work: (database: Database) => Promise<{ text: string } & Record<string, unknown>>,
): Promise<void> {
  const { text, ...rest } = await withProgram(options, ({ database }) => work(database));
  print({ json: { issueId: id, ...rest }, text }, options.json);
}

async function whyNot(database: Database, id: number, wish: string): Promise<string> {
  const found = await database.stores.issues.find(id);
  return found ? `issue ${id} is ${found.status}, so it cannot be ${wish}` : `there is no issue ${id}`;
}

function issueId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError('allowed is the number of an issue, such as 12');
  return Number(text);
}

/** What stands in the place of an issue for one-off mails. */
const ONE_OFF = 'one-off';

/** Null: the one-off mails. */
function issueOrOneOff(text: string): number | null {
  if (text === ONE_OFF) return null;
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new InvalidArgumentError(`allowed are the number of an issue, such as 12, and ${ONE_OFF}`);
  return Number(text);
}

function how(text: string): string {
  if (text !== 'leave' && text !== 'resend') throw new InvalidArgumentError('allowed are leave and resend');
  return text;
}
