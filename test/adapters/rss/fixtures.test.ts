import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../src/adapters/rss/read-feed.ts';

/**
 * Feeds as they are found, a form of oddness each, in the families that public feed test suites have. What must come out
 * stands in expected.json: the articles (of each, what matters), what is dropped, or a part of the error.
 */
const folder = join(import.meta.dirname, '../../fixtures/feeds');

interface Expected {
  contentType?: string;
  language?: string;
  /** The articles, or how many. */
  items?: Record<string, unknown>[] | number;
  dropped?: unknown[] | number;
  faults?: string[];
  format?: string;
  title?: string;
  error?: string;
}

const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<string, Expected>;
const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((file) => file.isFile() && file.name !== 'expected.json')
  .map((file) => relative(folder, join(file.parentPath, file.name)));

function read(name: string, body = readFileSync(join(folder, name))) {
  const { contentType = null, language = 'en' } = expected[name] ?? {};
  return readFeed({
    body,
    contentType,
    language,
    url: 'https://feeds.example/blog/feed.xml',
    publicUrl: 'https://simmer.example',
  });
}

describe('feeds as they are', () => {
  it('have each an expectation, and each expectation a feed', () => {
    expect(files.sort()).toEqual(Object.keys(expected).sort());
    expect(files.length).toBeGreaterThan(120);
  });

  it.each(Object.keys(expected))('%s', async (name) => {
    const wanted = expected[name]!;
    if (wanted.error !== undefined) {
      await expect(read(name)).rejects.toThrow(wanted.error);
      return;
    }
    const { items, findings } = await read(name);
    const plain = JSON.parse(JSON.stringify(items)) as Record<string, unknown>[];
    if (typeof wanted.items === 'number') expect(plain).toHaveLength(wanted.items);
    else expect(plain).toMatchObject(wanted.items ?? []);
    expect(plain).toHaveLength(typeof wanted.items === 'number' ? wanted.items : (wanted.items?.length ?? 0));
    const { dropped } = wanted;
    if (typeof dropped === 'number') expect(findings.dropped).toHaveLength(dropped);
    else expect(findings.dropped).toEqual(dropped ?? []);
    if (wanted.faults) expect(findings.faults).toEqual(wanted.faults);
    if (wanted.format) expect(findings.format).toBe(wanted.format);
    if (wanted.title) expect(findings.title).toBe(wanted.title);
    for (const { title, summary } of items) {
      expect(`${title} ${summary}`).not.toMatch(/<script|<\/|onclick=|javascript:/i);
    }
  });

  it('bring whole articles or none, wherever they break off', async () => {
    // What order their dates are in shows in the articles after the cut.
    const whole = files.filter((name) => !/^(?:none|hostile)|slashes-day-first/.test(name));
    let cuts = 0;
    for (const [place, name] of whole.entries()) {
      const body = readFileSync(join(folder, name));
      const feed = await read(name).catch(() => null);
      const known = new Set(feed?.items.map((item) => JSON.stringify(item)));
      // Everywhere over all of them, and in each at some places.
      for (let at = 1 + (place % 37); at < body.length; at += 37) {
        const cut = await read(name, body.subarray(0, at)).catch((error: Error) => {
          expect(error.message).toMatch(/^(?:its|it|found) /);
          return { items: [] };
        });
        cuts++;
        for (const item of cut.items) expect(known, `${name} cut at ${at}`).toContain(JSON.stringify(item));
      }
    }
    expect(cuts).toBeGreaterThan(1000);
  }, 60_000);
});
