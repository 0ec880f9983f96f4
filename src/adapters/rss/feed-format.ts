/** What kind of feed it is by its outermost element, for people: "RSS 2.0", "Atom 0.3". */
export function formatOf(root: string, attributes: Record<string, string>): string {
  if (root === 'rdf') return JSON.stringify(attributes).includes('simple/0.9') ? 'RSS 0.90' : 'RSS 1.0';
  if (JSON.stringify(attributes).includes('purl.org/net/rss1.1')) return 'RSS 1.1';
  if (root === 'channel' && attributes.href) return 'CDF';
  if (root !== 'feed') return `RSS ${attributes.version?.slice(0, 10) ?? ''}`.trim();
  const isOld = attributes.version === '0.3' || JSON.stringify(attributes).includes('purl.org/atom/ns');
  return isOld ? 'Atom 0.3' : 'Atom 1.0';
}
