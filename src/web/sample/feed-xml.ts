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
      <title>${escapeXml(entry.title)}</title>
      <link>${escapeXml(entry.url)}</link>
      <guid isPermaLink="true">${escapeXml(entry.url)}</guid>
      <pubDate>${entry.publishedAt.toUTCString()}</pubDate>
      <dc:creator>${escapeXml(feed.author)}</dc:creator>
      <category>${escapeXml(entry.category)}</category>
      <description>${escapeXml(entry.summary)}</description>
      <content:encoded>${escapeXml(html(entry))}</content:encoded>
      <enclosure url="${escapeXml(entry.image.url)}" length="${entry.image.bytes}" type="image/png"/>
${media(entry, '      ')}
    </item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/">
  <channel>
    <title>${escapeXml(feed.title)}</title>
    <link>${escapeXml(feed.siteUrl)}</link>
    <description>${escapeXml(feed.description)}</description>
    <language>${escapeXml(feed.language)}</language>
    <lastBuildDate>${feed.updatedAt.toUTCString()}</lastBuildDate>
    <ttl>60</ttl>
    <atom:link href="${escapeXml(feed.selfUrl)}" rel="self" type="application/rss+xml"/>
${items.join('\n')}
  </channel>
</rss>
`;
}

export function atom(feed: FeedDocument): string {
  const entries = feed.entries.map(
    (entry) => `  <entry>
    <title>${escapeXml(entry.title)}</title>
    <id>${escapeXml(entry.url)}</id>
    <link rel="alternate" type="text/html" href="${escapeXml(entry.url)}"/>
    <link rel="enclosure" type="image/png" href="${escapeXml(entry.image.url)}" length="${entry.image.bytes}"/>
    <published>${entry.publishedAt.toISOString()}</published>
    <updated>${entry.publishedAt.toISOString()}</updated>
    <category term="${escapeXml(entry.category)}"/>
    <summary type="text">${escapeXml(entry.summary)}</summary>
    <content type="html">${escapeXml(html(entry))}</content>
${media(entry, '    ')}
  </entry>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="${escapeXml(feed.language)}">
  <title>${escapeXml(feed.title)}</title>
  <subtitle>${escapeXml(feed.description)}</subtitle>
  <id>${escapeXml(feed.selfUrl)}</id>
  <link rel="self" type="application/atom+xml" href="${escapeXml(feed.selfUrl)}"/>
  <link rel="alternate" type="text/html" href="${escapeXml(feed.siteUrl)}"/>
  <updated>${feed.updatedAt.toISOString()}</updated>
  <author><name>${escapeXml(feed.author)}</name></author>
${entries.join('\n')}
</feed>
`;
}

/** Text for XML: the five signs written as entities, and the control characters that XML 1.0 forbids left out. */
export function escapeXml(text: string): string {
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
    .map((text) => `<p>${escapeXml(text)}</p>`)
    .join('');
}

function media({ image }: FeedEntry, indent: string): string {
  return `${indent}<media:content url="${escapeXml(image.url)}" type="image/png" medium="image" width="${image.width}" height="${image.height}">
${indent}  <media:description type="plain">${escapeXml(image.description)}</media:description>
${indent}</media:content>`;
}
