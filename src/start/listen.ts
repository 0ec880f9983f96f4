import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SetUpError } from '../runtime.ts';

/** Listens, or says in a sentence why not. `setting` is where the port comes from. */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
  setting: string,
): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw listenFault(error, { host, hostSetting: 'HOST', port, portSetting: setting });
  }
}

/** The same fault in a sentence that says what to do, where there is one. */
export function listenFault(
  error: unknown,
  place: { host: string; hostSetting: string; port: number; portSetting: string },
): unknown {
  const { host, hostSetting, port, portSetting } = place;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new SetUpError(
      `Port ${port} is in use: perhaps Simmer runs already. Stop the other program, or choose another port with ${portSetting}, as in ${portSetting}=${port + 1} npm start.`,
    );
  }
  if (code === 'EACCES')
    return new SetUpError(
      `Port ${port} may not be used by this user. Choose one above 1023 with ${portSetting}.`,
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new SetUpError(
      `${hostSetting} is "${host}", which is no address of this machine. Allowed are localhost, 0.0.0.0 (all) or one of its addresses.`,
    );
  }
  return error;
}

/** A port that is free on loopback at this moment. */
export function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer();
    probe.once('error', failed);
    probe.listen({ port: 0, host: '127.0.0.1' }, () => {
      const address = probe.address();
      probe.close(() => found(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
