import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logoFault, pictureFault, readLogo } from '../../../../src/adapters/rss/images/logo-checker.ts';

/** The beginning of a PNG of this size; nothing looks further. */
function png(bytes = 100): Buffer {
  const picture = Buffer.alloc(bytes);
  picture.writeUInt32BE(0x89504e47, 0);
  picture.writeUInt32BE(300, 16);
  picture.writeUInt32BE(60, 20);
  return picture;
}

let server: Server;
let base: string;
beforeAll(async () => {
  const answers: Record<string, [number, string, Buffer | string, Record<string, string>?]> = {
    '/logo.png': [200, 'image/png', png()],
    '/as-bytes': [200, 'application/octet-stream', png()],
    '/moved': [302, '', '', { location: '/logo.png' }],
    '/round': [302, '', '', { location: '/round' }],
    '/page': [200, 'text/html', '<!DOCTYPE html><html><body>404, but friendly</body></html>'],
    '/page.png': [200, 'image/png', '<html><body>not a picture</body></html>'],
    '/logo.svg': [
      200,
      'image/svg+xml',
      '<?xml version="1.0"?>\n<!-- x -->\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
    '/empty': [200, 'image/png', ''],
    '/huge.png': [200, 'image/png', png(1_000_001)],
    '/secret': [403, 'text/html', 'no'],
  };
  server = createServer((request, response) => {
    const [status, type, body, headers = {}] = answers[request.url ?? ''] ?? [404, 'text/html', 'no'];
    response.writeHead(status, { 'content-type': type, ...headers }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

describe('a logo', () => {
  it.each([
    ['/logo.png', null],
    ['/as-bytes', null],
    ['/moved', null],
    ['/missing.png', 'the server answers 404'],
    ['/secret', 'the server answers 403'],
    ['/page', 'it is a page, not a picture'],
    ['/page.png', 'it is a page, not a picture'],
    ['/logo.svg', 'it is an SVG picture, which most mail programs do not show'],
    ['/empty', 'it is no PNG, JPEG or GIF picture'],
    ['/huge.png', 'it has more than 1 MB'],
    ['/round', expect.stringContaining('redirects')],
  ])('at %s: %s', async (path, fault) => {
    expect(await readLogo(new URL(path, base), 'private-too')).toEqual(fault);
  });

  it('where nothing answers, or only inside the own network, is not seen by readers', async () => {
    expect(await readLogo(new URL(`${base}/logo.png`), 'public')).toContain(
      'not an address of the public internet',
    );
    expect(await readLogo(new URL('http://127.0.0.1:9/'), 'private-too')).toContain('nothing answers there');
  });

  it('needs TLS', async () => {
    expect(await logoFault('http://www.example.com/logo.png')).toContain('no TLS');
  });

  it('as WebP or as text is no picture for mails', () => {
    const webp = Buffer.alloc(40);
    webp.write('RIFF0000WEBPVP8 ', 'latin1');
    expect(pictureFault(webp)).toContain('WebP');
    expect(pictureFault(Buffer.from('logo'))).toBe('it is no PNG, JPEG or GIF picture');
  });
});
