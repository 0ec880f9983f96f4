import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { constants, createBrotliCompress, createDeflate, createGzip } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/adapters/log.ts';
import { exampleMails } from '../../../src/adapters/mail-templates/examples.ts';
import { loadMails } from '../../../src/adapters/mail-templates/renderer.ts';
import { feedReader } from '../../../src/adapters/rss/feed-reader.ts';
import { FETCH_LIMITS } from '../../../src/adapters/rss/fetch-feed.ts';
import { feedThread } from '../../../src/adapters/rss/read-in-thread.ts';
import { loadTexts } from '../../../src/adapters/templates/texts.ts';
import type { Feed } from '../../../src/domain/programme.ts';
import { collectFeed } from '../../../src/journey/content/collect-feed.ts';
import { type TestDatabase, testDatabase } from '../../support/database.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';

/**
 * Feeds that mean harm: each ends in words, within work and memory, with nothing of it in the database or a mail. Work is
 * counted, in bytes and requests or as a multiple of what a usual feed takes: how busy the machine is shows in neither.
 */
const NOW = new Date('2026-11-21T10:00:00Z');
const MB = 1_000_000;
const programme = testProgramme();

let server: Server;
let origin: string;
let answer: RequestListener;
let db: TestDatabase;
beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  db = await testDatabase();
  await measureUsualWork();
}, 120_000);
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await db.close();
});

const reader = feedReader({ publicUrl: testPublicUrl, limits: { ...FETCH_LIMITS, totalMs: 4000 } });

/** Collects a feed through the whole pipe, and says what became of it. */
let number = 0;
async function collect(): Promise<{ added: number; error: string | null; cpuMs: number; mb: number }> {
  const url = `${origin}/${number++}`;
  const feed: Feed = { ...programme.feeds[0]!, url, allowPrivateNetwork: true };
  const deps = {
    programme: testProgramme({ feeds: [feed] }),
    database: db.database,
    feedReader: reader,
    imageChecker: { check: async (image: string) => ({ url: image, width: 800, height: 600, fault: null }) },
    links: testLinks,
    log: silentLog,
  };
  let peak = 0;
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss - before);
  }, 20);
  const started = process.cpuUsage();
  const added = await collectFeed(deps, url, NOW);
  clearInterval(watch);
  const states = await db.database.stores.feeds.list();
  const error = states.find((state) => state.url === url)?.lastError ?? null;
  const { user, system } = process.cpuUsage(started);
  return { added, error, cpuMs: (user + system) / 1000, mb: peak / MB };
}
const serve = (body: string | Buffer, headers = {}) => {
  answer = (_request, response) => response.writeHead(200, headers).end(body);
};
const articles = () => db.database.stores.articles.publishedSince(new Date(0));
beforeEach(() => db.pool.query('truncate articles, article_keys, issue_articles cascade'));

/**
 * CPU time that a feed of usual articles takes, as large as feeds may be: four times that of a quarter of it, which a busy machine
 * reads in time too. What is loaded first is no part of it.
 */
const QUARTER = 120;
let usualMs: number;
async function measureUsualWork(): Promise<void> {
  const text = '&lt;p&gt;Some &lt;b&gt;words&lt;/b&gt; of a text.&lt;/p&gt;'.repeat(170);
  const items = Array.from(
    { length: QUARTER },
    (_, n) =>
      `<item><title>Title ${n}</title><link>https://e.example/${n}</link><description>${text}</description></item>`,
  );
  for (let round = 0; round < 2; round++) {
    serve(`<rss version="2.0"><channel><title>T</title>${items.join('')}</channel></rss>`);
    const { added, error, cpuMs } = await collect();
    expect([error, round === 0 ? added : QUARTER]).toEqual([null, QUARTER]);
    usualMs = 4 * cpuMs;
  }
}

describe('a hostile feed ends in words:', () => {
  const rss = (items: string) =>
    `<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>${items}</channel></rss>`;
  const levels = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join(
    '',
  );

  it('billion laughs', async () => {
    serve(
      `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">${levels}]>${rss('<item><title>&l9;</title><link>https://e.example/</link></item>')}`,
    );
    const { added, error, cpuMs, mb } = await collect();
    expect(error).toContain('entities that stand for other entities');
    expect(added).toBe(0);
    expect(cpuMs).toBeLessThan(10 * usualMs);
    expect(mb).toBeLessThan(250);
  });

  it.each([
    ['gzip', createGzip],
    ['br', () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
    ['deflate', createDeflate],
    ['', createGzip],
  ])('a bomb of 1 GB with the encoding "%s"', async (encoding, compress) => {
    let sent = 0;
    answer = (_request, response) => {
      response.writeHead(200, encoding === '' ? {} : { 'content-encoding': encoding });
      const packer = compress();
      packer.on('error', () => {});
      packer.pipe(response);
      const zeros = Buffer.alloc(MB);
      const pump = () => {
        while (sent++ < 1000) if (!packer.write(zeros)) return;
        packer.end();
      };
      packer.on('drain', pump);
      response.on('close', () => packer.destroy());
      pump();
    };
    const { added, error, mb } = await collect();
    expect(error).toBe('more than 5 MB; that is all a feed may have');
    expect(added).toBe(0);
    // Of a thousand: what is let go of is not waited for.
    expect(sent).toBeLessThan(900);
    expect(mb).toBeLessThan(150);
  });

  it('an endless answer, fast', async () => {
    let sent = 0;
    answer = (_request, response) => {
      const chunk = Buffer.from(`<item><title>T</title></item>`.repeat(2000));
      const pump = () => {
        do sent += chunk.length;
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', pump);
      response.write('<rss version="2.0"><channel>');
      pump();
    };
    const { added, error, mb } = await collect();
    expect(error).toBe('more than 5 MB; that is all a feed may have');
    expect(added).toBe(0);
    expect(sent).toBeLessThan(40 * MB);
    expect(mb).toBeLessThan(150);
  });

  it('an endless answer, slow', async () => {
    const timers: NodeJS.Timeout[] = [];
    answer = (_request, response) => {
      response.write('<rss version="2.0"><channel>');
      timers.push(
        setInterval(() => response.write('<item><title>T</title><link>https://e.example/</link></item>'), 50),
      );
    };
    const { added, error, mb } = await collect();
    for (const timer of timers) clearInterval(timer);
    expect(error).toContain('no complete answer within 4 seconds');
    expect(added).toBe(0);
    expect(mb).toBeLessThan(150);
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://[::ffff:a9fe:a9fe]/',
    'http://0xA9FEA9FE/',
    'http://2852039166/',
    'http://0251.0376.0251.0376/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://169.254.169.254./',
    'http://100.100.100.200/',
    'http://[fd00:ec2::254]/',
  ])('a redirect to %s', async (location) => {
    let asked = 0;
    answer = (_request, response) => {
      asked++;
      response.writeHead(302, { location }).end();
    };
    const { added, error, mb } = await collect();
    expect(error).toContain('is not an address of the public internet');
    expect(added).toBe(0);
    expect(asked).toBe(1);
    expect(mb).toBeLessThan(150);
  });

  it('a page of attributes, ampersands, depth or brackets that once took seconds', async () => {
    const item = (inner: string) => `<item><title>T</title><link>https://e.example/1</link>${inner}</item>`;
    const bodies = [
      rss(item(`<description ${Array.from({ length: 200_000 }, (_, n) => `a${n}="x"`).join(' ')}/>`)),
      rss(item(`<description>${'&'.repeat(4_800_000)}</description>`)),
      rss('<a>'.repeat(1_500_000)),
      rss(item(`<description>${'&lt;a'.repeat(900_000)}</description>`)),
      rss(`<b>`.repeat(1000) + '</c>'.repeat(1_100_000)),
    ];
    for (const body of bodies) {
      serve(body);
      const { cpuMs, mb } = await collect();
      expect(cpuMs).toBeLessThan(10 * usualMs);
      // The thread that reads feeds is given 256 MB, and the body is held on both sides of it.
      expect(mb).toBeLessThan(450);
    }
  }, 60_000);

  it('script in titles: read as an article, harmless in the database and in the mail', async () => {
    const evil = [
      '<script>alert(1)</script>',
      '&lt;script&gt;alert(1)&lt;/script&gt;',
      '&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;',
      '<img src=x onerror=alert(1)>',
      '"><svg onload=alert(1)>',
      '{{brand.name}} {name} <%= 1 %>',
    ];
    const items = evil.map(
      (text, n) =>
        `<item><title><![CDATA[News ${n} ${text}]]></title><link>https://e.example/${n}</link><description><![CDATA[Words. ${text}]]></description>
         <enclosure url='https://e.example/${n}.jpg"onerror="alert(1)' type="image/jpeg"/></item>`,
    );
    serve(rss(items.join('')));
    expect(await collect()).toMatchObject({ added: 6, error: null });
    const stored = await articles();
    const mails = await loadMails(
      join(import.meta.dirname, '../../../templates/mails'),
      loadTexts(join(import.meta.dirname, '../../../templates/locales')),
      { ...programme.brand, publicUrl: testPublicUrl },
    );
    const { issue } = exampleMails(programme, testLinks, 'en');
    const cards = stored.map((article) => ({ ...issue.main, ...article, published: '', id: undefined }));
    const { html } = mails.render('issue', 'en', {
      ...issue,
      main: cards[0]!,
      others: cards.slice(1) as never,
    });
    expect(stored.map(({ title }) => title).join(' ')).not.toMatch(
      /<(?!%)|&lt;|script|onerror|onload|javascript:/,
    );
    expect(html).toContain('News 5 {{brand.name}}');
    expect(html).not.toMatch(/<script|<svg|<[^>]+\son(?:error|load)=/i);
  });
});

describe('reading in a thread', () => {
  const bytes = (text: string) => ({
    body: Buffer.from(text),
    contentType: null,
    url: 'https://e.example/',
    language: 'en',
    publicUrl: testPublicUrl,
  });
  const good =
    '<rss version="2.0"><channel><item><title>T</title><link>https://e.example/1</link></item></channel></rss>';
  const heavy = `<rss><channel>${`<item><title>T</title><link>https://e.example/1</link><description>${'&lt;p&gt;&lt;b&gt;x &amp;amp; y '.repeat(300)}</description></item>`.repeat(480)}</channel></rss>`;

  it('gives up what takes too long, and goes on with the next', async () => {
    const read = feedThread({ milliseconds: 60, megabytes: 256 });
    await expect(read(bytes(heavy))).rejects.toThrow('takes longer than the 0.06 seconds');
    const patient = feedThread({ milliseconds: 20_000, megabytes: 256 });
    const [first, second] = await Promise.all([patient(bytes(heavy)), patient(bytes(good))]);
    expect(first.items).toHaveLength(480);
    expect(second.items).toHaveLength(1);
  });

  it('gives up what takes too much memory, and nothing else suffers', async () => {
    const read = feedThread({ milliseconds: 20_000, megabytes: 24 });
    const big = `{"version":"https://jsonfeed.org/version/1.1","items":[${'{"a":{},"b":[]},'.repeat(400_000)}{}]}`;
    await expect(read(bytes(big))).rejects.toThrow('more memory than a feed is given');
  });
});
