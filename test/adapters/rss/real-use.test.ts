import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../src/adapters/rss/read-feed.ts';
import type { FeedItem } from '../../../src/domain/content/article.ts';
import { realCases, realFile } from '../../support/real-use.ts';

/** Feeds that real use brought and that were read wrongly, with what is right: see test/fixtures/real-use. */
const read = async (body: Buffer | string, language = 'en'): Promise<FeedItem[]> => {
  const { items } = await readFeed({
    body: Buffer.from(body),
    contentType: null,
    language,
    url: 'https://blog.example.com/feed.xml',
    publicUrl: 'https://simmer.example',
  });
  return items;
};
const titles = (items: FeedItem[]) => items.map(({ title }) => title);

interface Want {
  title?: string;
  titleHas?: string;
  titleHasNot?: string;
  summaryHasNot?: string;
  guid?: string;
}

describe.each(['title-cut', 'title-word-lost', 'tags-shown', 'media-guid', 'mojibake'])('%s', (cluster) => {
  it.each(realCases<{ text: string }, Want>(cluster))('$id', async ({ input, want }) => {
    const [item] = await read(input.text);
    if (want.title !== undefined) expect(item?.title).toBe(want.title);
    if (want.titleHas !== undefined) expect(item?.title).toContain(want.titleHas);
    if (want.titleHasNot !== undefined) expect(item?.title).not.toMatch(new RegExp(want.titleHasNot));
    if (want.summaryHasNot !== undefined) expect(item?.summary).not.toMatch(new RegExp(want.summaryHasNot));
    if (want.guid !== undefined) expect(item?.guid).toBe(want.guid);
  });
});

describe('feeds of real use', () => {
  it('have titles that name elements', async () => {
    expect(titles(await read(realFile('03-rss-title-names-element/feed.xml')))).toEqual([
      'A free guide to <head> elements',
      'Why <button> beats a link',
      'Styling <textarea> and <option> in 2026',
      '<audio> or <video>: what to embed',
      'List<String> against List<Object>',
    ]);
  });

  it('have Atom text as XHTML, in which "&lt;" is no markup', async () => {
    expect(await read(realFile('04-atom-xhtml-text/feed.xml'))).toMatchObject([
      {
        title: 'The best of <head> and more',
        summary: 'Use <select> for short lists and <textarea> for long texts. Then everything reads well.',
      },
    ]);
  });

  it('end in "read more", or have it in the middle of a sentence', async () => {
    const items = await read(realFile('14-summary-cut-at-read-more/feed.xml'));
    expect(items.map(({ summary }) => summary)).toEqual([
      'We asked 300 planners. They read more than we thought and buy less than they say',
      'Why managers read on paper, and what that means for your dashboards',
      'Seven ways to make your team read more of your monthly reports',
      'Real text here.',
    ]);
  });

  it('have pictures in a srcset whose addresses have commas', async () => {
    const items = await read(realFile('18-srcset-with-commas/feed.xml'));
    expect(items.map(({ imageUrl }) => imageUrl)).toEqual([
      'https://res.images.example/x/w_800,h_600/a.jpg',
      'https://h.example/b.jpg',
    ]);
  });

  it('have links that lead on to the page, and say where a click came from', async () => {
    const alert =
      '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>tag:google.com,2013:googlealerts/feed:1</id>' +
      '<title type="html">A &lt;b&gt;payroll&lt;/b&gt; law&amp;#39;s end</title>' +
      '<link href="https://www.google.com/url?rct=j&amp;sa=t&amp;url=https://a.example/x%3Futm_source%3Drss%26id%3D1&amp;ct=ga&amp;cd=CAI&amp;usg=AOv"/>' +
      '<content type="html">The &lt;b&gt;payroll&lt;/b&gt; law ends in January ...</content></entry></feed>';
    expect(await read(alert)).toMatchObject([
      {
        title: "A payroll law's end",
        url: 'https://a.example/x?id=1',
        summary: 'The payroll law ends in January…',
      },
    ]);
  });

  it('have pictures without TLS, which are tried with it', async () => {
    const [item] = await read(
      '<rss version="2.0"><channel><item><title>One</title><link>https://a.example/1</link>' +
        '<enclosure url="http://a.example/i.jpg" type="image/jpeg"/></item></channel></rss>',
    );
    expect(item).toMatchObject({ imageUrl: null, otherImages: ['https://a.example/i.jpg'] });
  });

  it('have "N/A" for an address, which is none', async () => {
    const items = await read(
      `<rss version="2.0"><channel>${['N/A', '#', 'null', '-']
        .map(
          (link, n) =>
            `<item><title>T${n}</title><link>${link}</link><guid>https://a.example/${n}</guid></item>`,
        )
        .join('')}</channel></rss>`,
    );
    expect(items.map(({ url }) => url)).toEqual([0, 1, 2, 3].map((n) => `https://a.example/${n}`));
  });

  it('have pictures that lie beside the feed or beside the page', async () => {
    const [item] = await read(
      '<rss version="2.0"><channel><link>https://a.example/</link><item><title>T</title><link>https://a.example/2026/story/</link>' +
        '<description>&lt;img src="cover.jpg"&gt;</description></item></channel></rss>',
    );
    expect(item).toMatchObject({
      imageUrl: 'https://a.example/cover.jpg',
      otherImages: ['https://a.example/2026/story/cover.jpg'],
    });
  });

  it('have dates in words of many languages', async () => {
    const items = await read(realFile('20-month-names/feed.xml'));
    expect(items.map(({ publishedAt }) => publishedAt?.toISOString().slice(0, 16))).toEqual([
      '2026-11-22T00:00',
      '2026-12-22T00:00',
      '2026-12-01T00:00',
      '2026-07-22T00:00',
      '2026-06-22T00:00',
      '2026-11-22T00:00',
      '2026-03-19T03:21',
    ]);
  });
});
