import type { Command } from 'commander';
import { readEmailAddress } from '../domain/audience/email-address.ts';
import type { Suppression } from '../journey/returns/ports/returns.ts';
import { liftSuppression, listSuppressions, suppressAddress } from '../journey/returns/suppression-list.ts';
import { whoAmI } from './who-am-i.ts';
import { CommandError, print, withProgram } from './with-program.ts';

interface Common {
  json?: boolean;
  programme?: string;
  why: string;
  search?: string;
  limit?: string;
  lifted?: boolean;
}

/** simmer suppression list|add|lift: addresses that are never written to, with the evidence. */
export function suppressionCommands(suppression: Command): void {
  suppression
    .command('list')
    .description('list addresses that are never written to, newest first, with the evidence')
    .option('--search <text>', 'a part of the address')
    .option('--lifted', 'those that were taken off the list')
    .option('--limit <number>', 'how many', '100')
    .option('--json', 'print JSON alone on stdout')
    .action(async (_options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const filter = {
        limit: Math.max(1, Number.parseInt(options.limit ?? '', 10) || 100),
        lifted: options.lifted === true,
        ...(options.search === undefined ? {} : { search: options.search }),
      };
      const list = await withProgram(options, (program) => listSuppressions(program, filter));
      print({ json: list, text: inWords(list) }, options.json);
    });

  suppression
    .command('add')
    .description('never write to an address again')
    .argument('<email>', 'the address')
    .requiredOption('--why <reason>', 'kept as the evidence')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  simmer suppression add anna@example.com --why "asked for it by phone"',
    )
    .action(async (written: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const email = addressOf(written);
      const entry = { email, why: options.why, byWhom: whoAmI() };
      const isNew = await withProgram(options, (program) => suppressAddress(program, entry, new Date()));
      const text = isNew ? `${email} is never written to from now on.` : `${email} was on the list already.`;
      print({ json: { email, isNew }, text }, options.json);
    });

  suppression
    .command('lift')
    .description('take an address off the list; the reader becomes what their own consent says')
    .argument('<email>', 'the address')
    .requiredOption('--why <reason>', 'kept with the entry')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  simmer suppression lift anna@example.com --why "the mailbox is back"',
    )
    .action(async (written: string, _options, command: Command) => {
      const options = command.optsWithGlobals<Common>();
      const email = addressOf(written);
      const entry = { email, why: options.why, byWhom: whoAmI() };
      const status = await withProgram(options, (program) => liftSuppression(program, entry, new Date()));
      if (status === 'not-suppressed') throw new CommandError(`${email} is not on the suppression list`);
      const text =
        status === null
          ? `${email} is off the list.`
          : `${email} is off the list; the reader is ${status} again.`;
      print({ json: { email, status }, text }, options.json);
    });
}

function inWords(list: Suppression[]): string {
  if (list.length === 0) return 'No address is suppressed.';
  return list
    .map(({ email, at, cause, why, byWhom, liftedAt, liftedWhy }) => {
      const who = byWhom === null ? cause : `${cause}, ${byWhom}`;
      const end = liftedAt === null ? '' : `\n  lifted ${day(liftedAt)}: ${liftedWhy}`;
      return `${email}  ${day(at)}  (${who})\n  ${why}${end}`;
    })
    .join('\n');
}

function addressOf(written: string): string {
  const read = readEmailAddress(written);
  if (!('address' in read))
    throw new CommandError(`found "${written}", which is not a mail address such as anna@example.com`);
  return read.address;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
