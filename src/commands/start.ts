import { type Command, Option } from 'commander';
import { ROLES, type Role } from '../config/settings.ts';

/** simmer start: runs until it is told to stop. */
export function startCommand(simmer: Command): void {
  simmer
    .command('start')
    .description('run Simmer: web pages, workers, or both')
    .addOption(new Option('--role <role>', 'what this process does').choices(ROLES).default('all'))
    .addHelpText(
      'after',
      `
Examples:
  simmer start                  try it: brings its own database, queue and inbox
  simmer start --role worker    a worker beside others; needs DATABASE_URL, REDIS_URL, SMTP_URL, PUBLIC_URL, SECRET_KEY`,
    )
    .action(async (_options, command: Command) => {
      const { role, programme } = command.optsWithGlobals<{ role: Role; programme?: string }>();
      // Loaded only here: the other commands need none of its adapters and answer sooner without them.
      const { start } = await import('../main.ts');
      await start({ role, programme });
    });
}
