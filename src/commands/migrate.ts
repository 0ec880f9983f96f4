import type { Command } from 'commander';
import { startEmbedded } from '../adapters/postgres/embedded.ts';
import { migrate } from '../adapters/postgres/migrate.ts';
import { settingsOf } from '../open-program.ts';
import { commandLog, print } from './with-program.ts';

/** simmer migrate: brings the tables up to date without starting anything. */
export function migrateCommand(simmer: Command): void {
  simmer
    .command('migrate')
    .description('bring the database’s tables up to date (starting Simmer does it too)')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://simmer@db/simmer simmer migrate')
    .action(async (options: { json?: boolean }) => {
      const settings = settingsOf();
      const log = commandLog();
      const embedded = settings.databaseUrl === null ? await startEmbedded(settings.dataDir, log) : null;
      try {
        const done = await migrate(settings.databaseUrl ?? embedded!.url, log);
        const text = done.length === 0 ? 'the tables are up to date' : `done: ${done.join(', ')}`;
        print({ json: { migrations: done }, text }, options.json);
      } finally {
        await embedded?.stop();
      }
    });
}
