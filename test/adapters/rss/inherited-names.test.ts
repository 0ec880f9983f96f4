import { expect, it } from 'vitest';
import { known } from '../../../src/adapters/rss/charset/charset-names.ts';
import { readFeed } from '../../../src/adapters/rss/read-feed.ts';
import { mailboxOf } from '../../../src/domain/audience/mailbox.ts';
import { lookUp } from '../../../src/domain/look-up.ts';

// What every object has by birth is no entry of a table.
const INHERITED = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf', 'isPrototypeOf'];

it.each(INHERITED)(
  'a feed with elements, prefixes and a namespace called %s is read as any other',
  async (name) => {
    const feed = `<?xml version="1.0"?><rss version="2.0" xmlns:p="${name}"><channel><title>Blog</title><${name}>x</${name}>
    <item><title>One</title><link>https://blog.example/1</link><${name}>y</${name}><${name}:a>z</${name}:a><p:${name}/>
    <dc:${name}>z</dc:${name}></item></channel></rss>`;
    const { items } = await readFeed({
      body: Buffer.from(feed),
      contentType: null,
      language: 'en',
      url: 'https://blog.example/feed.xml',
      publicUrl: 'https://simmer.example',
    });
    expect(items).toMatchObject([{ title: 'One' }]);
  },
);

it.each(INHERITED)('no charset, mailbox or table has an entry %s', (name) => {
  expect(known(name)).toBeNull();
  expect(mailboxOf(`anna@${name.toLowerCase()}.example`)).toContain('anna');
  expect(lookUp({}, name)).toBeUndefined();
});
