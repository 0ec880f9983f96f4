import { createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { SetUpError } from './open-program.ts';

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
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new SetUpError(
        `Port ${port} is in use: perhaps Simmer runs already. Stop the other program, or choose another port with ${setting}, as in ${setting}=${port + 1} npm start.`,
      );
    }
    if (code === 'EACCES')
      throw new SetUpError(
        `Port ${port} may not be used by this user. Choose one above 1023 with ${setting}.`,
      );
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new SetUpError(
        `HOST is "${host}", which is no address of this machine. Allowed are localhost, 0.0.0.0 (all) or one of its addresses.`,
      );
    }
    throw error;
  }
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
