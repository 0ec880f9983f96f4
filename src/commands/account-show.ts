import type { Command } from 'commander';
import { counted } from '../domain/text.ts';
import { type Account, showAccount } from '../journey/sales/show-account.ts';
import { CommandError, print, withProgram } from './with-program.ts';

/** simmer account show DOMAIN: the leads of one company, seen together. `account` is the group's command. */
export function accountShowCommand(account: Command): void {
  account
    .command('show')
    .description('show the leads of one company, by their e-mail domain, and how warm they are together')
    .argument('<domain>', 'what comes after the @')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  simmer account show kade-logistics.example --json')
    .action(async (domain: string, _options, command: Command) => {
      const options = command.optsWithGlobals<{ json?: boolean; programme?: string }>();
      const shown = await withProgram(options, ({ database, programme }) =>
        showAccount({ accounts: database.stores.accounts, programme }, domain, new Date()),
      );
      if (!shown)
        throw new CommandError(
          `there is no account ${domain}: nobody has an address there, or it is a free-mail provider's domain`,
        );
      print({ json: shown, text: inWords(shown) }, options.json);
    });
}

function inWords({ domain, company, warmth, warm, alertsAt, members, crossings }: Account): string {
  const lines = [
    `${company ?? domain}${company ? ` (${domain})` : ''}: ${counted(warmth, 'point')} from ${warm} warm of ${counted(members.length, 'lead')}${alertsAt === null ? '' : `; alerts at ${alertsAt}`}`,
  ];
  for (const { email, name, jobTitle, stage, score, status, withSales, isQuiet, notBefore } of members) {
    const who = [name, jobTitle].filter(Boolean).join(', ');
    const more = [
      status === 'active' ? null : status,
      withSales && `with ${withSales}`,
      isQuiet && `not before ${notBefore}`,
    ].filter(Boolean);
    lines.push(
      `  ${String(score).padStart(4)}  ${stage.toUpperCase().padEnd(8)}  ${email}${who ? ` (${who})` : ''}${more.length > 0 ? `; ${more.join('; ')}` : ''}`,
    );
  }
  for (const { at, warmth: then, alertSentAt, closedAt } of crossings)
    lines.push(
      `Warm since ${minute(at)} with ${counted(then, 'point')}; ${alertSentAt ? `alert sent ${minute(alertSentAt)}` : 'no alert sent'}${closedAt ? `; answered ${minute(closedAt)}` : ''}`,
    );
  return lines.join('\n');
}

/** "2026-11-21 14:05" in UTC. */
function minute(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}
