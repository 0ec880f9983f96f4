import { expect, it } from 'vitest';
import { readFeed } from '../../../../src/adapters/rss/read-feed.ts';

const media = (name: string, width: number | null, type = '') =>
  `<media:content url="https://blog.example/${name}"${width ? ` width="${width}"` : ''}${type ? ` type="${type}"` : ' medium="image"'}/>`;

it.each([
  ['the other of two', [media('a.webp', 1200), media('a.jpg', 1200)], 'a.jpg'],
  ['the other, if no width is given', [media('a.webp', null), media('a.png', null)], 'a.png'],
  ['by its type', [media('a?f=w', 1200, 'image/webp'), media('a?f=j', 800, 'image/jpeg')], 'a?f=j'],
  ['one with a query', [media('a.webp?w=1', 1200), media('a.jpg?w=1', 600)], 'a.jpg?w=1'],
  ['the WebP where there is nothing else', [media('a.webp', 1200)], 'a.webp'],
  [
    'the WebP where the other is too small for a mail',
    [media('a.webp', 1200), media('a.jpg', 240)],
    'a.webp',
  ],
  [
    'the widest of those that all programs show',
    [media('a.jpg', 600), media('b.webp', 2000), media('b.jpg', 1200)],
    'b.jpg',
  ],
])('of pictures with a WebP among them, %s', async (_, pictures, expected) => {
  const { items } = await readFeed({
    body: Buffer.from(
      `<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>t</title><item><title>A title</title>
       <link>https://blog.example/1</link>${pictures.join('')}</item></channel></rss>`,
    ),
    contentType: null,
    language: 'en',
    url: 'https://blog.example/feed',
    publicUrl: 'https://simmer.example',
  });
  expect(items[0]?.imageUrl).toBe(`https://blog.example/${expected}`);
});
