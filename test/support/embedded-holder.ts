/** A process that holds an embedded PostgreSQL, for tests of several processes: prints its url, stops on SIGTERM. */
import { silentLog } from '../../src/adapters/log.ts';
import { startEmbedded } from '../../src/adapters/postgres/embedded/embedded.ts';

const folder = process.argv[2];
if (folder === undefined) throw new Error('give the data folder');
try {
  const embedded = await startEmbedded(folder, silentLog, { throwAway: true });
  process.on('SIGTERM', async () => {
    await embedded.stop();
    process.exit(0);
  });
  process.stdout.write(`${JSON.stringify({ url: embedded.url, started: embedded.started })}\n`);
  setInterval(() => {}, 60_000);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exit(1);
}
