import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Log } from '../../../journey/ports.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;
/** So long a start that is under way is waited for at the end: else the server would be left alone. */
const LAST_PATIENCE_MS = 10_000;

interface WatchDeps {
  /** Starts the server, or attaches to the one that somebody else has started. */
  reach: (signal: AbortSignal) => Promise<{ presence: pg.Client; running: { pid: number } }>;
  log: Log;
  cluster: string;
}

/**
 * Starts the server again when it dies: `presence`, which ends with it, tells. Tries that fail come less and less often, and each
 * reason is told once. `end` stops the watching and gives the connection that stands, if one does.
 */
export function watchServer(
  presence: pg.Client,
  { reach, log, cluster }: WatchDeps,
): { end(): Promise<pg.Client | null> } {
  const noMoreTries = new AbortController();
  const giveUp = new AbortController();
  let standing: pg.Client | null = presence;
  let restarting: Promise<void> | null = null;

  const watch = (client: pg.Client) => {
    client.once('end', () => {
      standing = null;
      if (!noMoreTries.signal.aborted) restarting = restart();
    });
  };

  async function restart(): Promise<void> {
    const since = performance.now();
    log.error({ data: cluster }, 'the embedded PostgreSQL has ended: starting it again');
    let told = '';
    let pause = FIRST_PAUSE_MS;
    while (!noMoreTries.signal.aborted) {
      try {
        const { presence: client, running } = await reach(giveUp.signal);
        standing = client;
        watch(client);
        const afterMs = Math.round(performance.now() - since);
        log.info({ server: running.pid, afterMs }, 'the embedded PostgreSQL is back');
        return;
      } catch (error) {
        const { message } = error as Error;
        if (message !== told) log.error({ error: message }, 'the embedded PostgreSQL cannot be started yet');
        told = message;
      }
      await sleep(pause, undefined, { signal: noMoreTries.signal }).catch(() => {});
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS);
    }
  }

  watch(presence);
  return {
    async end() {
      noMoreTries.abort();
      const timer = setTimeout(() => giveUp.abort(), LAST_PATIENCE_MS);
      await restarting;
      clearTimeout(timer);
      return standing;
    },
  };
}
