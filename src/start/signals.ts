import { redact } from '../domain/redact.ts';
import { whenNpmIsGone } from './npm-parent.ts';

/**
 * Stops gracefully on SIGTERM, on Ctrl+C, when the terminal is closed, and when the npm that runs us is gone; the second
 * SIGTERM or Ctrl+C ends the process at once. Ctrl+C in a terminal reaches npm and us both, and npm passes it on: what
 * comes within half a second is the same wish, not a second one.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let askedAt: number | null = null;
  const ask = () => {
    if (askedAt !== null) return;
    askedAt = performance.now();
    process.stderr.write('\nStopping: finishing what is on the wire. Once more to stop at once.\n');
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`Stopping did not end well: ${redact(error.stack ?? error.message)}\n`);
        process.exit(1);
      },
    );
  };
  const insist = () => {
    if (askedAt !== null && performance.now() - askedAt > 500) process.exit(1);
    ask();
  };
  process.on('SIGINT', insist);
  process.on('SIGTERM', insist);
  process.on('SIGHUP', ask);
  whenNpmIsGone(ask);
  // A closed terminal takes no more words; what is on the wire is to be finished all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}
