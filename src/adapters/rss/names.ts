import { lookUp } from '../../domain/look-up.ts';

/**
 * One spelling for the names of elements, whatever prefix or capitals a feed writes them with: "content:encoded" for
 * <c:encoded xmlns:c="http://purl.org/rss/1.0/modules/content/">, "pubDate" for <PUBDATE>, "entry" for <atom:entry>.
 */

/** Namespaces by how their URI goes on after the scheme, in lower case, without slashes and marks at its end. */
const NAMESPACES: Record<string, string> = {
  'www.w3.org/2005/atom': '',
  'purl.org/atom/ns': '',
  'purl.org/atom': '',
  'example.com/newformat': '',
  'example.com/necho': '',
  'purl.org/echo': '',
  'uri/of/echo/namespace': '',
  'purl.org/pie': '',
  'purl.org/rss/1.0': '',
  'purl.org/net/rss1.1': '',
  'my.netscape.com/rdf/simple/0.9': '',
  'channel.netscape.com/rdf/simple/0.9': '',
  'my.netscape.com/publish/formats/rss-0.91.dtd': '',
  'backend.userland.com/rss': '',
  'backend.userland.com/rss2': '',
  'backend.userland.com/rss091': '',
  'blogs.law.harvard.edu/tech/rss': '',
  'cyber.law.harvard.edu/rss': '',
  'purl.org/rss/1.0/modules/content': 'content',
  'purl.org/rss/1.0/modules/rss091': '',
  'purl.oclc.org/net/rss_2.0/enc': '',
  'purl.org/dc/elements/1.0': 'dc',
  'purl.org/dc/elements/1.1': 'dc',
  'purl.org/dc/terms': 'dcterms',
  'search.yahoo.com/mrss': 'media',
  'search.yahoo.com/mrss/rss.xml': 'media',
  'video.search.yahoo.com/mrss': 'media',
  'tools.search.yahoo.com/mrss': 'media',
  'www.rssboard.org/media-rss': 'media',
  'www.itunes.com/dtds/podcast-1.0.dtd': 'itunes',
  'example.com/dtds/podcast-1.0.dtd': 'itunes',
  'www.google.com/schemas/play-podcasts/1.0': 'googleplay',
  'rssnamespace.org/feedburner/ext/1.0': 'feedburner',
  'www.pheedo.com/namespace/pheedo': 'feedburner',
  'www.w3.org/1999/xhtml': 'xhtml',
  'www.w3.org/1999/02/22-rdf-syntax-ns': 'rdf',
};

/** What a prefix means that a feed uses without declaring it, or declares with a slip in the URI. */
const USUAL_PREFIXES: Record<string, string> = {
  atom: '',
  atom03: '',
  atom10: '',
  a10: '',
  rss: '',
  rss10: '',
  rss1: '',
  enc: '',
  content: 'content',
  dc: 'dc',
  dcterms: 'dcterms',
  media: 'media',
  itunes: 'itunes',
  googleplay: 'googleplay',
  feedburner: 'feedburner',
  pheedo: 'feedburner',
  xhtml: 'xhtml',
  rdf: 'rdf',
};

/** Names whose own spelling is another, and "encoded" that has lost its prefix. */
const SPELLINGS: Record<string, string> = { pubdate: 'pubDate', origlink: 'origLink' };
const WITHOUT_PREFIX: Record<string, string> = { encoded: 'content:encoded' };

/** The namespaces declared at some place of a feed. */
export interface Scope {
  uris: Record<string, string>;
  names: Map<string, string>;
  depth: number;
}

/** Namespaces declared inside of more others than this are not looked at. */
const DEEPEST = 20;

export function noNamespaces(): Scope {
  return { uris: Object.create(null) as Record<string, string>, names: new Map(), depth: 0 };
}

/** A prefix that the outermost element has, whatever it is declared as, is the one of RSS or Atom. */
export function nameAfterRoot(root: string, scope: Scope): void {
  const prefix = root.slice(0, Math.max(root.lastIndexOf(':'), 0));
  if (prefix === '' || prefix === 'rdf') return;
  scope.uris[prefix] = 'http://www.w3.org/2005/Atom';
  scope.names.clear();
}

/** The scope inside an element. A default namespace of the whole feed is not looked at: feeds put anything there. */
export function scopeInside(
  scope: Scope,
  attributes: Readonly<Record<string, string>>,
  isOutside: boolean,
): Scope {
  if (scope.depth >= DEEPEST) return scope;
  let inner: Scope | null = null;
  for (const [name, uri] of Object.entries(attributes)) {
    if (!name.startsWith('xmlns')) continue;
    if (name === 'xmlns' ? isOutside : name[5] !== ':') continue;
    inner ??= {
      uris: Object.create(scope.uris) as Record<string, string>,
      names: new Map(),
      depth: scope.depth + 1,
    };
    inner.uris[name.slice(6).toLowerCase()] = uri;
  }
  return inner ?? scope;
}

/** The name in its one spelling: without a prefix for what is RSS or Atom itself. */
export function canonicalName(written: string, scope: Scope): string {
  let name = scope.names.get(written);
  if (name === undefined) {
    name = spell(written.toLowerCase(), scope);
    // Names come from outside.
    if (scope.names.size < 1000) scope.names.set(written, name);
  }
  return name;
}

function spell(written: string, { uris }: Scope): string {
  const at = written.lastIndexOf(':');
  const prefix = at === -1 ? '' : written.slice(0, at);
  const local = written.slice(at + 1);
  const uri = uris[prefix];
  const known = uri === undefined ? undefined : lookUp(NAMESPACES, plainUri(uri));
  const usual = known ?? (prefix === '' ? '' : (lookUp(USUAL_PREFIXES, prefix) ?? prefix));
  const spelled = lookUp(SPELLINGS, local) ?? local;
  return usual === '' ? (lookUp(WITHOUT_PREFIX, local) ?? spelled) : `${usual}:${spelled}`;
}

function plainUri(uri: string): string {
  return uri
    .trim()
    .slice(0, 200)
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .replace(/(?<![/#?])[/#?]+$/, '');
}
