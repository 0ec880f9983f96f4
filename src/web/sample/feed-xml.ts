/** A feed before it is RSS or Atom. Addresses are absolute. */
export interface FeedDocument {
  title: string;
  description: string;
  language: string;
  /** The feed's own address. */
  selfUrl: string;
  siteUrl: string;
  author: string;
  /** When the newest entry appeared. */
  updatedAt: Date;
  entries: FeedEntry[];
}

export interface FeedEntry {
  /** Its address, which is its identity too. */
  url: string;
  title: string;
  summary: string;
  body: string;
  category: string;
  publishedAt: Date;
  image: { url: string; bytes: number; width: number; height: number; description: string };
}

export function rss(feed: FeedDocument): string {
  const items = feed.entries.map(
    (entry) => `    <item>
      <title>${escape(entry.title)}</title>
      <link>${escape(entry.url)}</link>
      <guid isPermaLink="true">${escape(entry.url)}</guid>
      <pubDate>${entry.publishedAt.toUTCString()}</pubDate>
      <dc:creator>${escape(feed.author)}</dc:creator>
      <category>${escape(entry.category)}</category>
      <description>${escape(entry.summary)}</description>
      <content:encoded>${escape(html(entry))}</content:encoded>
      <enclosure url="${escape(entry.image.url)}" length="${entry.image.bytes}" type="image/png"/>
${media(entry, '      ')}
    </item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
  <channel>
    <title>${escape(feed.title)}</title>
    <link>${escape(feed.siteUrl)}</link>
    <description>${escape(feed.description)}</description>
    <language>${escape(feed.language)}</language>
    <lastBuildDate>${feed.updatedAt.toUTCString()}</lastBuildDate>
    <ttl>60</ttl>
    <atom:link href="${escape(feed.selfUrl)}" rel="self" type="application/rss+xml"/>
${items.join('\n')}
  </channel>
</rss>
`;
}

export function atom(feed: FeedDocument): string {
  const entries = feed.entries.map(
    (entry) => `  <entry>
    <title>${escape(entry.title)}</title>
    <id>${escape(entry.url)}</id>
    <link rel="alternate" type="text/html" href="${escape(entry.url)}"/>
    <link rel="enclosure" type="image/png" href="${escape(entry.image.url)}" length="${entry.image.bytes}"/>
    <published>${entry.publishedAt.toISOString()}</published>
    <updated>${entry.publishedAt.toISOString()}</updated>
    <category term="${escape(entry.category)}"/>
    <summary type="text">${escape(entry.summary)}</summary>
    <content type="html">${escape(html(entry))}</content>
${media(entry, '    ')}
  </entry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="${escape(feed.language)}">
  <title>${escape(feed.title)}</title>
  <subtitle>${escape(feed.description)}</subtitle>
  <id>${escape(feed.selfUrl)}</id>
  <link rel="self" type="application/atom+xml" href="${escape(feed.selfUrl)}"/>
  <link rel="alternate" type="text/html" href="${escape(feed.siteUrl)}"/>
  <updated>${feed.updatedAt.toISOString()}</updated>
  <author><name>${escape(feed.author)}</name></author>
${entries.join('\n')}
</feed>
`;
}

/** Text for XML: the five signs written as entities, and the control characters that XML 1.0 forbids left out. */
export function escape(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to remove
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
  );
}

function html(entry: FeedEntry): string {
  return [entry.summary, entry.body]
    .filter((text, index, all) => text && all.indexOf(text) === index)
    .map((text) => `<p>${escape(text)}</p>`)
    .join('');
}

function media({ image }: FeedEntry, indent: string): string {
  return `${indent}<media:content url="${escape(image.url)}" type="image/png" medium="image" width="${image.width}" height="${image.height}">
${indent}  <media:description type="plain">${escape(image.description)}</media:description>
${indent}</media:content>`;
}
