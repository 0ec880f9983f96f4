/** Started by embedded-guard.ts when a process that used the server is gone: stops the server if that was the last one. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { enter, isLast } from './embedded.ts';
import { PASSWORD } from './embedded-guard.ts';
import { runningServer } from './embedded-server.ts';

const PATIENCE_MS = 60_000;
/** A server that was only just started has not written its number yet. */
const BIRTH_MS = 1_000;

const cluster = process.argv[2] ?? '';
const password = process.env[PASSWORD] ?? '';
if (runningServer(cluster) === null) await sleep(BIRTH_MS);
const running = runningServer(cluster);
if (running !== null) {
  const deadline = Date.now() + PATIENCE_MS;
  const presence = await enter(running, password, () => Date.now() < deadline);
  if (presence !== null && (await isLast(presence))) {
    // The server ends the connection; until then nobody can come in.
    const ended = once(presence, 'end');
    process.kill(running.pid, 'SIGINT');
    await ended;
  } else await presence?.end().catch(() => {});
}
