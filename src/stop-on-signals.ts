/**
 * Stops gracefully on SIGTERM and Ctrl+C; the second signal ends the process at once. Ctrl+C in a terminal reaches npm
 * and us both, and npm passes it on: what comes within half a second is the same wish, not a second one.
 */
export function stopOnSignals(stop: () => Promise<void>): void {
  let askedAt: number | null = null;
  const ask = () => {
    if (askedAt !== null) {
      if (performance.now() - askedAt > 500) process.exit(1);
      return;
    }
    askedAt = performance.now();
    process.stderr.write('\nStopping: finishing what is on the wire. Once more to stop at once.\n');
    stop().then(
      () => process.exit(0),
      (error: Error) => {
        process.stderr.write(`Stopping did not end well: ${error.stack ?? error.message}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', ask);
  process.on('SIGTERM', ask);
}
