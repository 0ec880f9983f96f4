import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkChecker } from '../../../src/adapters/rss/link-checker.ts';

let server: http.Server;
let base: string;
const asked: string[] = [];
beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const status = Number(/\/(\d{3})/.exec(request.url ?? '')?.[1] ?? 200);
    if (request.url === '/never') return;
    if (['/no-head', '/endless'].includes(request.url ?? '') && request.method === 'HEAD')
      return response.writeHead(405).end();
    if (request.url === '/round') return response.writeHead(302, { location: '/round' }).end();
    if (request.url === '/inside')
      return response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    if (request.url === '/moved') return response.writeHead(301, { location: '/fine' }).end();
    // A body without end: nobody may wait for it.
    response.writeHead(status).write('x');
    if (request.url !== '/endless') response.end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const checker = linkChecker({ publicUrl: 'https://news.example', timeoutMs: 60_000 });
const check = (path: string) => checker.check(base + path, true);

describe('linkChecker', () => {
  it('tells good links from broken ones, and from those that only refuse programs', async () => {
    expect(await check('/fine')).toEqual({ state: 'good' });
    expect(await check('/moved')).toEqual({ state: 'good' });
    expect(await check('/404')).toEqual({ state: 'broken', why: 'the server answered 404' });
    expect(await check('/500')).toEqual({ state: 'broken', why: 'the server answered 500' });
    expect(await check('/403')).toEqual({ state: 'unsure', why: 'the server answered 403' });
    expect(await check('/round')).toMatchObject({
      state: 'broken',
      why: expect.stringContaining('5 redirects'),
    });
    expect(await checker.check('no address', true)).toMatchObject({ state: 'broken' });
  });

  it('asks for the head, and for the page only where that fails, without reading it', async () => {
    asked.length = 0;
    expect(await check('/fine')).toEqual({ state: 'good' });
    expect(await check('/no-head')).toEqual({ state: 'good' });
    expect(await check('/endless')).toEqual({ state: 'good' });
    expect(asked).toEqual(['HEAD /fine', 'HEAD /no-head', 'GET /no-head', 'HEAD /endless', 'GET /endless']);
  });

  it('goes into no private network unless the programme says so, by no redirect either', async () => {
    asked.length = 0;
    expect(await checker.check(`${base}/fine`, false)).toMatchObject({
      state: 'broken',
      why: expect.stringContaining('is not an address of the public internet'),
    });
    expect(asked).toEqual([]);
    expect(await check('/inside')).toMatchObject({
      state: 'broken',
      why: expect.stringContaining('169.254.169.254'),
    });
  });

  it('reaches its own pages under their inside address, and gives up in time', async () => {
    const own = linkChecker({ publicUrl: 'https://news.example', internalUrl: base, timeoutMs: 60_000 });
    const hasty = linkChecker({ publicUrl: 'https://news.example', timeoutMs: 1500 });
    expect(await own.check('https://news.example/fine', false)).toEqual({ state: 'good' });
    expect(await hasty.check(`${base}/never`, true)).toEqual({
      state: 'unreachable',
      why: 'no answer within 1.5 seconds',
    });
    expect(await checker.check('http://127.0.0.1:9/', true)).toMatchObject({ state: 'unreachable' });
  });
});
