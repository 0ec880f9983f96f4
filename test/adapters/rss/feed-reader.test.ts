import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { feedReader } from '../../../src/adapters/rss/feed-reader.ts';
import type { Feed } from '../../../src/domain/programme.ts';
import type { FeedAnswer, FeedState } from '../../../src/journey/content/ports/feeds.ts';
import { growth, LINEAR, waited } from '../../support/own-time.ts';

const LIMITS = { totalMs: 60_000, maxBytes: 200_000, maxRedirects: 5 };
const readerWith = (limits: typeof LIMITS) => feedReader({ publicUrl: 'https://simmer.example', limits });
const reader = readerWith(LIMITS);

let server: Server;
let origin: string;
let answer: RequestListener;
let requests: { url: string; headers: Record<string, unknown> }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    requests.push({ url: request.url!, headers: request.headers });
    answer(request, response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = [];
});

const state: FeedState = {
  url: '',
  etag: null,
  lastModified: null,
  nextCheckAt: new Date(0),
  lastCheckedAt: null,
  lastSuccessAt: null,
  failures: 0,
  lastError: null,
  status: 'active',
  movedTo: null,
  movedSeen: 0,
  lastNewAt: null,
};

function read(
  path = '/feed',
  known: Partial<FeedState> = {},
  fields: Partial<Feed> = {},
  by = reader,
): Promise<FeedAnswer> {
  const feed: Feed = {
    url: `${origin}${path}`,
    interests: ['payroll'],
    language: 'en',
    pollEveryMs: 1,
    priority: 1,
    allowPrivateNetwork: true,
    ...fields,
  };
  return by.read(feed, { ...state, ...known });
}

function serve(body: string | Buffer, headers: Record<string, string> = {}) {
  answer = (_request, response) => response.writeHead(200, headers).end(body);
}

const rss = (items: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://blog.example/</link>${items}</channel></rss>`;
const item = (inner: string) => `<item><link>https://blog.example/1</link>${inner}</item>`;

async function items(known: Partial<FeedState> = {}) {
  const got = await read('/feed', known);
  if (got.status !== 'changed') throw new Error(JSON.stringify(got));
  return got.items;
}
async function error(path?: string, fields?: Partial<Feed>, by?: typeof reader) {
  const got = await read(path, {}, fields, by);
  if (got.status !== 'failed') throw new Error(`not failed: ${JSON.stringify(got)}`);
  return got.error;
}

describe('what it reads', () => {
  it('reads RSS 2.0 into plain items', async () => {
    serve(
      rss(
        `<item><title>Caf&eacute; &amp; AT&amp;amp;T</title><link>/one?a=1&b=2</link><guid isPermaLink="false">g1</guid>
         <pubDate>Sat, 21 Nov 2026 09:00:00 CET</pubDate>
         <description><![CDATA[<p>First &amp; foremost.</p><p>Then <b>this</b>.</p>]]></description>
         <media:content url="https://cdn.example/a.jpg" medium="image"/></item>
         <item><title>No date</title><guid>https://blog.example/two</guid><pubDate>soon</pubDate></item>`,
      ),
      {
        etag: '"v1"',
        'last-modified': 'Sat, 21 Nov 2026 09:00:00 GMT',
        'content-type': 'application/rss+xml',
      },
    );
    expect(await read()).toEqual({
      status: 'changed',
      etag: '"v1"',
      lastModified: 'Sat, 21 Nov 2026 09:00:00 GMT',
      movedTo: null,
      findings: {
        format: 'RSS 2.0',
        charset: 'utf-8',
        language: null,
        looksLike: null,
        title: 'T',
        dropped: [],
        faults: [],
      },
      items: [
        {
          guid: 'g1',
          url: 'https://blog.example/one?a=1&b=2',
          title: 'Café & AT&T',
          summary: 'First & foremost. Then this.',
          imageUrl: 'https://cdn.example/a.jpg',
          publishedAt: new Date('2026-11-21T08:00:00Z'),
        },
        {
          guid: 'https://blog.example/two',
          url: 'https://blog.example/two',
          title: 'No date',
          summary: '',
          imageUrl: null,
          publishedAt: null,
        },
      ],
    });
  });

  it('reads Atom: types of text, xml:base, XHTML in the order of its words, one bad date', async () => {
    serve(`<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/blog/"><title>T</title>
      <link rel="self" href="https://x.example/self"/>
      <entry><title type="html">a &amp;amp; b</title><link rel="edit" href="e"/><link href="p/1"/><id>urn:1</id>
        <published>garbage</published><updated>2026-11-20T10:00:00Z</updated>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">One <b>two</b> three <i>four</i>.</div></content></entry>
      <entry><title>x &amp;amp; y</title><link>https://blog.example/text</link><summary>Sum</summary></entry></feed>`);
    const [first, second] = await items();
    expect(first).toEqual({
      guid: 'urn:1',
      url: 'https://base.example/blog/p/1',
      title: 'a & b',
      summary: 'One two three four.',
      imageUrl: null,
      publishedAt: new Date('2026-11-20T10:00:00Z'),
    });
    expect(second).toMatchObject({ title: 'x &amp; y', url: 'https://blog.example/text', summary: 'Sum' });
  });

  it('reads RSS 1.0, 0.91 and prefixed Atom', async () => {
    serve(`<!DOCTYPE rdf:RDF [<!ENTITY % latin PUBLIC "a" "b"> %latin;]><rdf:RDF xmlns:rdf="r" xmlns="x"><channel/>
      <item rdf:about="i"><title>One &ndash; two</title><link>https://blog.example/1</link>
      <dc:date>2026-11-20T10:00:00+01:00</dc:date></item></rdf:RDF>`);
    expect(await items()).toMatchObject([
      { title: 'One – two', publishedAt: new Date('2026-11-20T09:00:00Z') },
    ]);
    serve(rss(item('<title>Old</title>')).replace('2.0', '0.91'));
    expect(await items()).toMatchObject([{ title: 'Old' }]);
    serve(rss(item('<title>None</title>')).replace(' version="2.0"', ''));
    expect(await items()).toMatchObject([{ title: 'None' }]);
    serve(
      '<a:feed xmlns:a="u"><a:entry><a:title>Pre</a:title><a:link href="https://e.example/"/></a:entry></a:feed>',
    );
    expect(await items()).toMatchObject([{ title: 'Pre', url: 'https://e.example/' }]);
  });

  it.each([
    ['header', Buffer.from('caf\xe9', 'latin1'), 'text/xml; charset=iso-8859-1', ''],
    ['declaration', Buffer.from([0xea, 0xe0, 0xf4, 0xe5]), 'text/xml', ' encoding="windows-1251"'],
    ['no word at all', Buffer.from('caf\xe9', 'latin1'), 'text/xml', ''],
    ['a wrong header', Buffer.from('café', 'utf8'), 'text/xml; charset=us-nonsense', ' encoding="utf-8"'],
  ])('takes the charset from %s', async (from, title, contentType, declared) => {
    const [before, after] = rss(item('<title>#</title>')).replace('?>', `${declared}?>`).split('#') as [
      string,
      string,
    ];
    serve(Buffer.concat([Buffer.from(before), title, Buffer.from(after)]), { 'content-type': contentType });
    expect((await items())[0]!.title).toBe(from === 'declaration' ? 'кафе' : 'café');
  });

  it('takes the charset from the byte order mark before the header', async () => {
    const body = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(rss(item('<title>café</title>')), 'utf16le'),
    ]);
    serve(body, { 'content-type': 'text/xml; charset=utf-8' });
    expect((await items())[0]!.title).toBe('café');
  });

  it.each([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['x-gzip', gzipSync],
    ['', gzipSync],
  ])('reads "%s"', async (encoding, compress) => {
    serve(compress(rss(item('<title>Packed</title>'))), { 'content-encoding': encoding });
    expect(await items()).toMatchObject([{ title: 'Packed' }]);
    expect(requests[0]!.headers['accept-encoding']).toBe('gzip, deflate, br');
  });

  it.each([
    ['<enclosure url="https://c.example/e.png" type="image/png"/>', 'https://c.example/e.png'],
    ['<enclosure url="https://c.example/e.mp3" type="audio/mpeg"/>', null],
    [
      '<media:group><media:thumbnail url="https://c.example/t.jpg"/></media:group>',
      'https://c.example/t.jpg',
    ],
    ['<description>&lt;img src="//c.example/d.jpg"&gt;</description>', 'https://c.example/d.jpg'],
    ['<description>&lt;img src="https://t.example/p.gif" width="1" height="1"&gt;</description>', null],
    ['<description>&lt;img src="http://c.example/plain.jpg"&gt;</description>', null],
    ['<description>&lt;img src="javascript:alert(1)"&gt;</description>', null],
    ['<description>&lt;img src="data:image/png;base64,AAAA"&gt;</description>', null],
    ['<enclosure url="https://c.example/e.svg" type="image/svg+xml"/>', null],
  ])('takes the image from %s', async (markup, imageUrl) => {
    serve(rss(item(`<title>T</title>${markup}`)));
    expect((await items())[0]!.imageUrl).toBe(imageUrl);
  });

  it('takes images of its own without TLS', async () => {
    serve(rss(item(`<title>T</title><enclosure url="${origin}/a.png" type="image/png"/>`)));
    const own = feedReader({ publicUrl: origin, limits: LIMITS });
    const feed = { url: `${origin}/feed`, language: 'en' } as Feed;
    expect(await own.read(feed, null)).toMatchObject({ items: [{ imageUrl: `${origin}/a.png` }] });
  });
});

describe('manners', () => {
  it('asks only for what changed', async () => {
    answer = (_request, response) => response.writeHead(304).end();
    const known = { etag: '"v1"', lastModified: 'Sat, 21 Nov 2026 09:00:00 GMT' };
    expect(await read('/feed', known)).toEqual({ status: 'unchanged', movedTo: null });
    expect(requests[0]!.headers).toMatchObject({
      'if-none-match': '"v1"',
      'if-modified-since': known.lastModified,
      'user-agent': expect.stringContaining('Simmer'),
    });
    expect(await error()).toContain('304');
  });

  it('hears Retry-After as seconds and as a date', async () => {
    answer = (_request, response) => response.writeHead(429, { 'retry-after': '120' }).end();
    expect(await read()).toMatchObject({ status: 'failed', retryAfterMs: 120_000 });
    answer = (_request, response) =>
      response
        .writeHead(503, {
          date: 'Sat, 21 Nov 2026 09:00:00 GMT',
          'retry-after': 'Sat, 21 Nov 2026 10:00:00 GMT',
        })
        .end();
    expect(await read()).toMatchObject({ status: 'failed', retryAfterMs: 3_600_000 });
  });

  it('says where a feed has moved to for good, and goes there when it was said three times', async () => {
    const feed = rss(item('<title>There</title>'));
    answer = (request, response) => {
      if (request.url === '/new') response.end(feed);
      else if (request.url === '/302') response.writeHead(302, { location: '/new' }).end();
      else if (request.url === '/mixed') response.writeHead(301, { location: '/302' }).end();
      else response.writeHead(request.url === '/308' ? 308 : 301, { location: '/new' }).end();
    };
    const movedTo = `${origin}/new`;
    expect(await read('/301')).toMatchObject({ status: 'changed', movedTo });
    expect(await read('/308')).toMatchObject({ movedTo });
    expect(await read('/302')).toMatchObject({ movedTo: null });
    expect(await read('/mixed')).toMatchObject({ movedTo: null });
    requests = [];
    expect(await read('/301', { movedTo, movedSeen: 2 })).toMatchObject({ movedTo });
    expect(await read('/301', { movedTo, movedSeen: 3 })).toMatchObject({ movedTo });
    expect(requests.map(({ url }) => url)).toEqual(['/301', '/new', '/new']);
  });

  it('asks again for a feed that broke off, though its server says it was whole', async () => {
    serve(rss(`${item('<title>Whole</title>')}<item><title>Half`).replace('</channel></rss>', ''), {
      etag: '"v1"',
    });
    expect(await read()).toMatchObject({ status: 'changed', items: [{ title: 'Whole' }], etag: null });
  });

  it('goes back to the own address when nothing is at the new one any more', async () => {
    answer = (request, response) => {
      if (request.url === '/feed') response.end(rss(item('<title>Back</title>')));
      else response.writeHead(404).end();
    };
    const known = { movedTo: `${origin}/new`, movedSeen: 9 };
    expect(await read('/feed', known)).toMatchObject({ status: 'changed', movedTo: null });
  });

  it('goes back to the own address when what is at the new one is no feed any more', async () => {
    const parked =
      '<!doctype html><html><head><title>This domain is for sale</title></head><body>Buy</body></html>';
    const known = { movedTo: `${origin}/new.xml`, movedSeen: 3 };
    for (const [type, body] of [
      ['text/html', parked],
      ['application/rss+xml', parked],
      ['text/html', ''],
    ] as const) {
      requests = [];
      answer = (request, response) =>
        request.url === '/move.xml'
          ? response.end(rss(item('<title>Back</title>')))
          : response.writeHead(200, { 'content-type': type }).end(body);
      const got = await read('/move.xml', known);
      expect(requests[0]!.url).toBe('/new.xml');
      expect(got).toMatchObject({ status: 'changed', items: [{ title: 'Back' }], movedTo: null });
    }
    // Where both are gone, what is told is of the address that the programme names.
    answer = (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(parked);
    expect(await read('/move.xml', known)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('an HTML page'),
    });
  });

  it('knows gone from not found', async () => {
    answer = (_request, response) => response.writeHead(410).end();
    expect(await read()).toEqual({
      status: 'gone',
      error: 'the server answered 410: the feed is gone for good',
    });
  });

  it('has at most two connections to a host', async () => {
    let open = 0;
    let most = 0;
    answer = (_request, response) => {
      most = Math.max(most, ++open);
      setTimeout(() => response.end(rss(item('<title>T</title>'))), 60);
      response.on('close', () => open--);
    };
    const all = await Promise.all(Array.from({ length: 7 }, (_, n) => read(`/${n}`)));
    expect(all.every(({ status }) => status === 'changed')).toBe(true);
    expect(most).toBe(2);
  });

  it('follows five redirects and no more', async () => {
    const feed = rss(item('<title>There</title>'));
    answer = (request, response) => {
      const left = Number(request.url!.slice(1));
      if (left === 0) response.end(feed);
      else response.writeHead(302, { location: `/${left - 1}` }).end();
    };
    expect(await read('/5')).toMatchObject({ status: 'changed' });
    expect(await error('/6')).toBe('more than 5 redirects, the last one to /0');
  });
});

describe('hostile and broken feeds', () => {
  it('says what is wrong, in words', async () => {
    answer = (_request, response) => response.writeHead(404).end();
    expect(await error()).toBe('the server answered 404 Not Found');
    serve('<!doctype html><html><body>Sorry</body></html>');
    expect(await error()).toBe('found an HTML page; allowed are RSS, Atom and JSON feeds');
    serve('{"nothing": true}');
    expect(await error()).toContain('found JSON without a list of items');
    serve('no feed at all');
    expect(await error()).toContain('found no XML');
    serve('<opml></opml>');
    expect(await error()).toContain('found XML with <opml> outermost');
    expect(await error('', { url: 'http://127.0.0.1:1/' })).toContain('nothing answers there');
    expect(await error('', { url: 'ftp://example.com/feed' })).toBe(
      'found "ftp://…"; allowed are http:// and https://',
    );
    expect(await error('', { url: '/feed' })).toContain('allowed is an absolute URL');
  });

  it('never takes half a feed for a whole one', async () => {
    const feed = rss(item('<title>T</title>'));
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': String(feed.length) });
      response.write(feed.slice(0, 60), () => response.destroy());
    };
    expect(await error()).toBe('the connection broke off before the end');
    serve(gzipSync(feed).subarray(0, 60), { 'content-encoding': 'gzip' });
    expect(await error()).toBe('the compressed answer broke off before the end');
    serve('plain', { 'content-encoding': 'gzip' });
    expect(await error()).toContain('not compressed as it says');
    serve('x', { 'content-encoding': 'compress' });
    expect(await error()).toContain('found the content encoding "compress"');
  });

  it('stops an endless body, sent fast', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' });
      const chunk = Buffer.alloc(65_536, 'x');
      const pump = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pump);
      pump();
    };
    expect(await error()).toContain('more than 0.2 MB');
  });

  it.each(['in the body', 'before the headers', 'in drops'])('gives up on silence %s', async (where) => {
    const timers: NodeJS.Timeout[] = [];
    answer = (_request, response) => {
      if (where === 'before the headers') return;
      response.writeHead(200);
      response.write('<rss');
      if (where === 'in drops') timers.push(setInterval(() => response.write(' '), 100));
    };
    const hasty = readerWith({ ...LIMITS, totalMs: 1500 });
    const givingUp = error('/feed', {}, hasty);
    expect(await waited(givingUp)).toBeLessThan(4000);
    expect(await givingUp).toContain('no complete answer within 1.5 seconds');
    for (const timer of timers) clearInterval(timer);
  });

  it('stops a gzip bomb while it unpacks', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const gzip = createGzip();
      gzip.on('error', () => {});
      gzip.pipe(response);
      const zeros = Buffer.alloc(1_000_000);
      let sent = 0;
      const pump = () => {
        while (sent++ < 1000) if (!gzip.write(zeros)) return;
        gzip.end();
      };
      gzip.on('drain', pump);
      response.on('close', () => gzip.destroy());
      pump();
    };
    const before = process.memoryUsage().rss;
    expect(await error()).toContain('more than 0.2 MB');
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  it.each(['http://169.254.169.254/latest/meta-data/', 'http://[::ffff:a9fe:a9fe]/', 'http://0xA9FEA9FE/'])(
    'does not follow a redirect to %s',
    async (location) => {
      answer = (_request, response) => response.writeHead(302, { location }).end();
      expect(await error()).toContain('is not an address of the public internet');
    },
  );

  it('looks into the own network only where the programme allows it, and only at that host', async () => {
    serve(rss(''));
    expect(await error('/feed', { allowPrivateNetwork: false })).toContain('allowPrivateNetwork');
    const port = new URL(origin).port;
    expect(await error('', { url: `http://localhost:${port}/`, allowPrivateNetwork: false })).toMatch(
      /localhost \(.+\) is not an address of the public internet/,
    );
    expect(requests).toEqual([]);
    answer = (_request, response) =>
      response.writeHead(301, { location: `http://localhost:${port}/x` }).end();
    expect(await error()).toContain('is not an address of the public internet');
    answer = (_request, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end();
    expect(await error()).toBe('found "file://…"; allowed are http:// and https://');
  });

  it('does not read billion laughs, nor files', async () => {
    const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`);
    serve(
      `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">${levels.join('')}]>${rss(item('<title>&l9;</title>'))}`,
    );
    expect(await error()).toContain('entities that stand for other entities');
    serve(`<!DOCTYPE l [<!ENTITY f SYSTEM "file:///etc/passwd">]>${rss(item('<title>&f;</title>'))}`);
    expect(await error()).toContain('an entity that stands for a file');
    serve(
      `<!DOCTYPE l [<!ENTITY big "${'x'.repeat(50_000)}">]>${rss(item(`<title>t ${'&big;'.repeat(9)}</title>`))}`,
    );
    expect((await items())[0]!.title.length).toBeLessThan(300);
  });

  it('brings no markup, script or hidden character into title and summary', async () => {
    const evil = [
      '<script>alert(1)</script>',
      '<scr<script>ipt>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '<svg onload=alert(1)>',
      '<style>p{}</style>',
      '<iframe srcdoc="<script>alert(1)</script>">',
      '<!-- <b> --><math><mi>',
      '\u202egnp.exe\u0007\u200b',
    ];
    for (const markup of evil) {
      serve(
        rss(
          item(
            `<title><![CDATA[Good ${markup}]]></title><description><![CDATA[News ${markup}]]></description>`,
          ),
        ),
      );
      const [got] = await items();
      const text = `${got!.title} ${got!.summary}`;
      expect(text).toMatch(/^Good .*News/);
      expect(text).not.toMatch(/<\/?[a-z]|onerror|onload|p\{\}|\p{Cc}|[\u200b\u202e]/iu);
    }
  });

  it('leaves out items that lead nowhere', async () => {
    serve(
      rss(
        ['javascript:alert(1)', 'data:text/html,x', 'JaVaScRiPt:alert(1)', '', 'mailto:a@b.example']
          .map((link) => `<item><title>T</title><link>${link}</link></item>`)
          .join(''),
      ),
    );
    expect(await items()).toEqual([]);
  });

  it('takes 500 items of a feed and no more, and is not held up by deep nesting', async () => {
    serve(rss(item('<title>T</title>').repeat(2000)));
    expect((await items()).length).toBe(500);
    const readNested = async (depth: number) => {
      serve(
        rss(item(`<title>T</title><description>${'<b>'.repeat(depth)}${'</b>'.repeat(depth)}</description>`)),
      );
      expect(['changed', 'failed']).toContain((await read()).status);
    };
    expect(await growth(readNested, 800)).toBeLessThan(LINEAR);
  });
});
