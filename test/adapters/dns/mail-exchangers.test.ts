import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { mailExchangers } from '../../../src/adapters/dns/mail-exchangers.ts';

const NO_ERROR = 0;
const SERVER_FAILED = 2;
const NO_SUCH_NAME = 3;

let server: Socket | undefined;
afterEach(() => server?.close());

/** A name server that gives every question the same answer (RFC 1035, 4.1). */
async function nameServer(code: number, exchangers: [number, string][]): Promise<string> {
  const socket = createSocket('udp4');
  server = socket;
  socket.on('message', (question, from) => {
    const end = question.indexOf(0, 12) + 5;
    const head = Buffer.from(question.subarray(0, 12));
    head.writeUInt16BE(0x8180 | code, 2);
    head.writeUInt16BE(exchangers.length, 6);
    head.writeUInt32BE(0, 8);
    const answers = exchangers.map(([preference, host]) => {
      const name = Buffer.concat([
        ...host.split('.').map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
        Buffer.from([0]),
      ]);
      const record = Buffer.alloc(14);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(15, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(60, 6);
      record.writeUInt16BE(name.length + 2, 10);
      record.writeUInt16BE(preference, 12);
      return Buffer.concat([record, name]);
    });
    socket.send(Buffer.concat([head, question.subarray(12, end), ...answers]), from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return `127.0.0.1:${(socket.address() as AddressInfo).port}`;
}

it('gives the hosts, the preferred one first', async () => {
  const address = await nameServer(NO_ERROR, [
    [20, 'second.mimecast.com'],
    [10, 'First.Mimecast.com'],
  ]);
  expect(await mailExchangers([address]).of('tessel.nl')).toEqual([
    'first.mimecast.com',
    'second.mimecast.com',
  ]);
});

it('gives none for a domain without, or that is none', async () => {
  expect(await mailExchangers([await nameServer(NO_ERROR, [])]).of('tessel.nl')).toEqual([]);
  server?.close();
  expect(await mailExchangers([await nameServer(NO_SUCH_NAME, [])]).of('tessel.nl')).toEqual([]);
});

it('rejects when DNS has no answer, so that it is asked again', async () => {
  await expect(mailExchangers([await nameServer(SERVER_FAILED, [])]).of('tessel.nl')).rejects.toThrow();
});
