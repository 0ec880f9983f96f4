import type { Command } from 'commander';
import { openDatabase } from '../open-database.ts';
import { settingsOf } from '../runtime.ts';
import { commandLog, print } from './with-program.ts';

/** simmer migrate: brings the tables up to date without starting anything. */
export function migrateCommand(simmer: Command): void {
  simmer
    .command('migrate')
    .description('bring the database’s tables up to date (starting Simmer does it too)')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=postgres://simmer@db/simmer simmer migrate')
    .action(async (options: { json?: boolean }) => {
      const { migrations, close } = await openDatabase(settingsOf(), commandLog());
      await close();
      const text = migrations.length === 0 ? 'the tables are up to date' : `done: ${migrations.join(', ')}`;
      print({ json: { migrations }, text }, options.json);
    });
}
