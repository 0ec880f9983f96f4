import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Muteable {
  /** The given address, by this way. */
  url: string;
  /** Connections that are open now stay open, and nothing comes through them any more, as when a machine is gone. */
  mute(): void;
  close(): Promise<void>;
}

/** A way to a server, over loopback, that can fall silent. */
export async function muteable(url: string): Promise<Muteable> {
  const target = new URL(url);
  const pairs = new Set<[Socket, Socket]>();
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    near.pipe(far).pipe(near);
    for (const socket of pair)
      socket
        .on('error', () => {})
        .on('close', () => {
          for (const one of pair) one.destroy();
          pairs.delete(pair);
        });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const own = new URL(url);
  own.hostname = '127.0.0.1';
  own.port = String((server.address() as AddressInfo).port);
  return {
    url: own.href,
    mute() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        for (const socket of [near, far]) socket.on('data', () => {});
      }
    },
    async close() {
      const closed = new Promise((done) => server.close(done));
      for (const [near] of pairs) near.destroy();
      await closed;
    },
  };
}
