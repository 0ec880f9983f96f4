import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Parser from 'rss-parser';
import { silentLog } from '../src/adapters/log.ts';
import { startEmbedded } from '../src/adapters/postgres/embedded/embedded.ts';
import { migrate } from '../src/adapters/postgres/migrate.ts';
import { makePool } from '../src/adapters/postgres/pool.ts';
import { feedReader } from '../src/adapters/rss/feed-reader.ts';
import { readFeed } from '../src/adapters/rss/read-feed.ts';
import { makeDatabase } from '../src/database.ts';
import { keysOf } from '../src/domain/content/reading/identity.ts';
import type { Feed } from '../src/domain/programme.ts';
import { collectFeed } from '../src/journey/content/collect-feed.ts';
import { testLinks, testProgramme } from '../test/support/programme.ts';
import { type Bench, median, seconds } from './report.ts';

const ROUNDS = 5;
const FEEDS = 20;
const ITEMS = 50;
const AT_ONCE = 8;
const NOW = new Date('2026-11-21T10:00:00Z');
const PUBLIC_URL = 'http://simmer.test';

/**
 * Articles a second through the whole feed pipe: fetched over HTTP, decoded, mended, read by rss-parser in the feed
 * thread, cleaned, told apart, stored in Postgres. Baseline: rss-parser alone on the same text, which does none of that.
 */
export const bench: Bench = async (tell) => {
  const feeds = Array.from({ length: FEEDS }, (_, n) => feedOf(n));
  const articles = FEEDS * ITEMS;
  const bare: number[] = [];
  const read: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    tell(`reading, round ${round} of ${ROUNDS}`);
    const parser = await seconds(async () => {
      for (const feed of feeds) await new Parser().parseString(feed);
    });
    const pipe = await seconds(async () => {
      for (const [n, feed] of feeds.entries()) {
        const url = `https://blog${n}.example/feed`;
        const { items } = await readFeed({
          body: Buffer.from(feed),
          contentType: 'application/rss+xml',
          url,
          language: 'en',
          publicUrl: PUBLIC_URL,
        });
        keysOf(url, items, 'en');
      }
    });
    // The first one warms up.
    if (round > 0) {
      bare.push(articles / parser);
      read.push(articles / pipe);
    }
  }
  const whole = await wholePipe(feeds, tell);
  const baseline = median(bare);
  const line = (what: string, value: number) => ({
    what,
    value,
    unit: 'articles/s',
    timesBaseline: value / baseline,
    aim: null,
  });
  return {
    name: 'feeds',
    about: `${FEEDS} RSS feeds of ${ITEMS} articles, ${Math.round(feeds[0]!.length / 1000)} kB each; medians of ${ROUNDS} rounds`,
    measured: [
      { ...line('rss-parser alone', baseline), timesBaseline: null },
      line('bytes → clean articles with their keys', median(read)),
      line('whole pipe, all new: HTTP, thread, Postgres', whole.first),
      line('whole pipe, read again: nothing new', whole.again),
    ],
    notes: ['The whole pipe runs feeds side by side, two to a host, as a worker does.'],
  };
};

/** Feeds from a server of its own into an embedded Postgres, emptied before each round. */
async function wholePipe(feeds: string[], tell: (what: string) => void) {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/rss+xml');
    response.end(feeds[Number(new URL(request.url!, PUBLIC_URL).searchParams.get('n'))]);
  });
  await new Promise<void>((done) => server.listen(0, done));
  const { port } = server.address() as AddressInfo;
  // Ten addresses of this machine stand for ten hosts.
  const urls = feeds.map((_, n) => `http://127.0.0.${1 + (n % 10)}:${port}/?n=${n}`);
  const like: Feed = testProgramme().feeds[0]!;
  const programme = testProgramme({
    feeds: urls.map((url) => ({ ...like, url, allowPrivateNetwork: true })),
  });
  const folder = mkdtempSync(join(tmpdir(), 'simmer-bench-'));
  const postgres = await startEmbedded(folder, silentLog, { throwAway: true });
  await migrate(postgres.url, silentLog);
  const pool = makePool(postgres.url, silentLog);
  const deps = {
    programme,
    database: makeDatabase(pool, { programme, links: testLinks }),
    feedReader: feedReader({ publicUrl: PUBLIC_URL }),
    imageChecker: { check: async (url: string) => ({ url, width: 800, height: 600, fault: null }) },
    links: testLinks,
    log: silentLog,
  };
  const collect = async (now: Date): Promise<number> => {
    let added = 0;
    const waiting = urls.values();
    const worker = async () => {
      for (const url of waiting) {
        const count = await collectFeed(deps, url, now);
        added += count;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return added;
  };
  const first: number[] = [];
  const again: number[] = [];
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      tell(`the whole pipe, round ${round} of ${ROUNDS}`);
      await pool.query('truncate articles, article_keys, issue_articles, feeds cascade');
      let added = 0;
      const fresh = await seconds(async () => {
        added = await collect(NOW);
      });
      const repeated = await seconds(() => collect(new Date(NOW.getTime() + 86_400_000)));
      if (added !== FEEDS * ITEMS) throw new Error(`stored ${added} articles of ${FEEDS * ITEMS}`);
      if (round > 0) {
        first.push(added / fresh);
        again.push(added / repeated);
      }
    }
  } finally {
    await pool.end();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
    server.closeAllConnections();
    server.close();
  }
  return { first: median(first), again: median(again) };
}

/** A feed as blog programs write them: content:encoded with markup, entities, pictures, several namespaces. */
function feedOf(n: number): string {
  const paragraph =
    '<p>Companies that send <b>e-invoices</b> are paid 12 days sooner &#8212; and &quot;sooner&quot; is cash. <a href="https://blog.example/more?a=1&amp;b=2">Read on</a>.</p>\n';
  const items = Array.from({ length: ITEMS }, (_, i) => {
    const at = new Date(Date.UTC(2026, 10, 20) - i * 3_600_000).toUTCString();
    return `<item><title>What blog ${n} learnt in week ${i} about paying people &amp; suppliers</title>
<link>https://blog${n}.example/2026/11/post-${i}/?utm_source=rss&amp;utm_medium=feed</link><guid isPermaLink="false">https://blog${n}.example/?p=${i}</guid>
<pubDate>${at}</pubDate><dc:creator><![CDATA[Jo Bakker]]></dc:creator><category><![CDATA[Payroll]]></category><category>Invoices</category>
<description><![CDATA[${paragraph}<p>The post <a href="x">What we learnt</a> appeared first on <a href="y">Blog</a>.</p>]]></description>
<content:encoded><![CDATA[<img src="https://cdn${n}.example/${i}.jpg" width="800" height="600">${paragraph.repeat(12)}]]></content:encoded>
<media:content url="https://cdn${n}.example/${i}-wide.jpg" medium="image" width="1200" height="630"><media:title type="html">Picture</media:title></media:content>
<slash:comments>0</slash:comments></item>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>Blog ${n}</title><link>https://blog${n}.example</link><description>News</description>${items.join('\n')}</channel></rss>`;
}
