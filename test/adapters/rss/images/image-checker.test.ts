import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageChecker } from '../../../../src/adapters/rss/images/image-checker.ts';
import { imageSize } from '../../../../src/adapters/rss/images/image-size.ts';
import type { Feed } from '../../../../src/domain/programme.ts';

const png = (width: number, height: number) => {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32BE(0x89504e47, 0);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};
/** A JPEG whose frame header comes after a long preview. */
const jpeg = (width: number, height: number, preview: number) => {
  const segment = Buffer.alloc(4 + preview);
  segment.writeUInt16BE(0xffe1, 0);
  segment.writeUInt16BE(2 + preview, 2);
  const frame = Buffer.from([0xff, 0xc2, 0, 17, 8, 0, 0, 0, 0, 3, ...Array<number>(20).fill(0)]);
  frame.writeUInt16BE(height, 5);
  frame.writeUInt16BE(width, 7);
  return Buffer.concat([Buffer.from([0xff, 0xd8]), segment, frame]);
};

describe('imageSize', () => {
  it('reads each kind that mail programs show', () => {
    expect(imageSize(png(640, 480))).toEqual({ kind: 'PNG', width: 640, height: 480 });
    expect(imageSize(jpeg(1200, 800, 40_000))).toEqual({ kind: 'JPEG', width: 1200, height: 800 });
    const gif = Buffer.alloc(32);
    gif.write('GIF89a');
    gif.writeUInt16LE(1, 6);
    gif.writeUInt16LE(1, 8);
    expect(imageSize(gif)).toEqual({ kind: 'GIF', width: 1, height: 1 });
    const webp = Buffer.alloc(40);
    webp.write('RIFF....WEBPVP8X');
    webp.writeUIntLE(799, 24, 3);
    webp.writeUIntLE(599, 27, 3);
    expect(imageSize(webp)).toEqual({ kind: 'WebP', width: 800, height: 600 });
  });

  it('knows what is none, or not yet whole', () => {
    expect(imageSize(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"></svg>'))).toBeNull();
    expect(imageSize(Buffer.alloc(100, 0xff))).toBeNull();
    expect(imageSize(jpeg(10, 10, 40_000).subarray(0, 20_000))).toBeNull();
  });
});

describe('imageChecker', () => {
  let server: Server;
  let origin: string;
  let answer: RequestListener;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const patientFor = (totalMs: number) =>
    imageChecker({
      publicUrl: 'https://simmer.example',
      limits: { totalMs, headBytes: 60_000, maxBytes: 1_000_000, maxRedirects: 2 },
    });
  const checker = patientFor(60_000);
  const look = (path = '/a.png', allowPrivateNetwork = true, by = checker) =>
    by.check(`${origin}${path}`, { url: `${origin}/feed`, allowPrivateNetwork } as Feed);
  const serve = (body: Buffer | string, status = 200, headers = {}) => {
    answer = (_request, response) => response.writeHead(status, headers).end(body);
  };

  it('takes a picture that is wide enough, by its first bytes', async () => {
    let asked: unknown;
    answer = (request, response) => {
      asked = request.headers.range;
      response.writeHead(206, { 'content-range': 'bytes 0-59999/900000' }).end(jpeg(1200, 630, 30_000));
    };
    expect(await look()).toEqual({ url: `${origin}/a.png`, width: 1200, height: 630, fault: null });
    expect(asked).toBe('bytes=0-59999');
  });

  it.each<[string, () => void, string]>([
    ['a counting pixel', () => serve(png(1, 1)), 'it is 1 pixel wide; at least 200 are needed'],
    ['a line', () => serve(png(600, 20)), 'the shape of a line'],
    [
      'a page',
      () => serve('<!doctype html><p>Hello there, this is no picture at all</p>'),
      'no PNG, JPEG, GIF or WebP',
    ],
    ['nothing', () => serve('', 404), 'the server answered 404'],
    [
      'a huge one',
      () => serve(png(600, 400), 206, { 'content-range': 'bytes 0-1/99999999' }),
      'more than 1 MB',
    ],
    [
      'one inside',
      () => serve('', 302, { location: 'http://169.254.169.254/x.png' }),
      'not an address of the public internet',
    ],
    [
      'an endless one',
      () => {
        answer = (_q, response) => {
          const pump = () => {
            while (!response.destroyed && response.write(Buffer.alloc(9000, 'x')));
          };
          response.on('drain', pump);
          pump();
        };
      },
      'no PNG, JPEG, GIF or WebP',
    ],
  ])('refuses %s', async (_, arrange, words) => {
    arrange();
    expect((await look()).fault).toContain(words);
  });

  it('refuses silence', async () => {
    answer = () => {};
    expect((await look('/a.png', true, patientFor(800))).fault).toContain('no answer within 0.8 seconds');
  });

  it('looks into the own network only for feeds that may', async () => {
    serve(png(600, 400));
    expect((await look('/a.png', false)).fault).toContain('not an address of the public internet');
  });

  it('takes Simmer’s own as they are', async () => {
    expect(await checker.check('https://simmer.example/sample/a.png', {} as Feed)).toMatchObject({
      fault: null,
    });
  });
});
