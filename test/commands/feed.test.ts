import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { simmer } from '../support/processes.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';

const GERMAN = `<rss version="2.0"><channel><title>Blog</title><language>de-AT</language>${[
  'Die neue Rechnung',
  'Was sich ändert',
]
  .map(
    (title, n) =>
      `<item><title>${title}</title><link>https://blog.example/${n}</link><guid isPermaLink="false">N/A</guid><enclosure url="http://127.0.0.1/i.jpg" type="image/jpeg"/>
       <description>Das neue Gesetz ist da, und die Unternehmen haben nicht mehr viel Zeit. Wir sagen, was jetzt zu tun ist und wie es geht.</description></item>`,
  )
  .join('')}</channel></rss>`;

let db: TestDatabase;
let server: Server;
let origin: string;
beforeAll(async () => {
  db = await testDatabase();
  server = createServer((request, response) =>
    response.end(
      request.url === '/german'
        ? GERMAN
        : request.url === '/page'
          ? '<html><head><link rel="alternate" type="application/rss+xml" href="/feed"></head></html>'
          : `<rss version="2.0"><channel><title>Blog</title><item><title>One</title><link>https://blog.example/1</link></item>
           <item><title>Two</title></item>`,
    ),
  );
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await db.close();
});

async function feed(...args: string[]) {
  const env = {
    DATABASE_URL: db.url,
    PUBLIC_URL: 'https://news.nordwerk.example',
    SMTP_URL: 'smtp://127.0.0.1:9',
    SECRET_KEY: TEST_SECRET_KEY,
  };
  const { code, stdout: out, stderr: err } = await simmer(['feed', ...args], env).finished;
  return { code, out, err };
}

// Each command starts a process of its own, which takes seconds on a busy machine.
describe('simmer feed', { timeout: 90_000 }, () => {
  it('checks a feed: what is found, what is dropped and why; nothing is stored', async () => {
    const { code, out, err } = await feed('check', '--allow-private', `${origin}/feed`);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('Blog: RSS 2.0, utf-8, 1 article, 1 item dropped');
    expect(out).toContain('https://blog.example/1');
    expect(out).toContain('dropped: "Two": it has no link');
    expect((await db.pool.query('select from feeds')).rowCount).toBe(0);
  });

  it('tells of a language that is not the programme’s, of guids that name nothing, and of pictures', async () => {
    const { out } = await feed('check', '--allow-private', '--language', 'nl', `${origin}/german`);
    expect(out).toContain(
      'Look: the feed says that it is in "de-AT", and its texts look like "de"; the programme says "nl", and readers of "nl" would get it. Change language in feeds.config.ts',
    );
    expect(out).toContain('Look: 2 items have the guid "N/A": they are told apart by their pages instead');
    expect(out).toContain('picture not used: https://127.0.0.1/i.jpg: ');
    const right = await feed('check', '--json', '--allow-private', '--language', 'de', `${origin}/german`);
    expect(JSON.parse(right.out)).toMatchObject({
      doubts: [expect.stringContaining('N/A')],
      answer: { findings: { language: 'de-AT', looksLike: 'de' } },
    });
  });

  it('says which feed a page names, and that it cannot be used itself', async () => {
    const { code, out, err } = await feed('check', '--allow-private', `${origin}/page`);
    expect({ code, err }).toEqual({ code: 1, err: 'the feed cannot be used\n' });
    expect(out).toContain(
      `found an HTML page; allowed are RSS, Atom and JSON feeds. The page names this feed: ${origin}/feed`,
    );
  });

  it('lists the feeds with how they do, and reads one that is gone again when told to', async () => {
    const url = '/sample/feeds/en/payroll.rss';
    await db.pool.query(
      `insert into feeds (url, next_check_at, last_checked_at, last_success_at, failures, last_error, status)
       values ($1, now() + interval '9 days', now(), '2026-11-20T10:00:00Z', 1, 'the server answered 410', 'gone')`,
      [url],
    );
    const { out } = await feed('list', '--json');
    const [first] = JSON.parse(out);
    expect(first).toMatchObject({ url, trouble: 'gone', articlesPerWeek: 0, shareUsed: null });
    const text = await feed('list');
    expect(text.out).toContain(`${url}  — GONE`);
    expect(text.out).toContain('last read 2026-11-20 10:00 UTC');
    expect((await feed('retry', url)).code).toBe(0);
    const { rows } = await db.pool.query('select status, next_check_at <= now() as due from feeds');
    expect(rows).toEqual([{ status: 'active', due: true }]);
    expect((await feed('retry', 'https://never.example/')).code).toBe(1);
  });
});
