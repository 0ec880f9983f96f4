/** Addresses of others' that only lead on: the host, the beginning of the path, and where the page's own address stands. */
const WRAPPERS: readonly [host: RegExp, path: RegExp, parameters: readonly string[]][] = [
  [/^(?:www\.)?google\.[a-z]{2,3}(?:\.[a-z]{2})?$/, /^\/url$/, ['url', 'q']],
  [/^(?:www\.)?bing\.com$/, /^\/news\/apiclick\.aspx$/i, ['url']],
  [/^lm?\.facebook\.com$/, /^\/l\.php$/, ['u']],
  [/^(?:www\.)?duckduckgo\.com$/, /^\/l\/?$/, ['uddg']],
  [/\.safelinks\.protection\.outlook\.com$/, /^\/?$/, ['url']],
  [/^(?:www\.)?youtube\.com$/, /^\/redirect$/, ['q']],
  [/^(?:www\.)?getpocket\.com$/, /^\/redirect$/, ['url']],
  [/^(?:www\.)?linkedin\.com$/, /^\/(?:redir\/redirect|safety\/go)$/, ['url']],
  [/^t\.umblr\.com$/, /^\/redirect$/, ['z']],
];
/** One may lead to another. */
const MOST_WRAPPINGS = 3;

/** Where an address of Google Alerts, Google News and their like leads in the end; any other, and what cannot be told, as it is. */
export function unwrapped(address: string): string {
  let url = address;
  for (let again = 0; again < MOST_WRAPPINGS; again++) {
    const inner = innerOf(url);
    if (inner === null) break;
    url = inner;
  }
  return url;
}

function innerOf(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null) return null;
  if (url.hostname === 'news.google.com') return ofGoogleNews(url.pathname);
  for (const [host, path, parameters] of WRAPPERS) {
    if (!host.test(url.hostname) || !path.test(url.pathname)) continue;
    for (const name of parameters) {
      const inner = webAddress(url.searchParams.get(name) ?? '');
      if (inner !== null) return inner;
    }
  }
  const yahoo = url.hostname === 'r.search.yahoo.com' ? /\/RU=([^/]+)\//.exec(url.pathname)?.[1] : undefined;
  return yahoo === undefined ? null : webAddress(safelyDecoded(yahoo));
}

/**
 * Google News' older addresses are the page's own in base64, between lengths: 08 13 22, its length, the address. Newer ones
 * have a number in that place, which only Google can read.
 */
function ofGoogleNews(path: string): string | null {
  const code = /^\/(?:__i\/)?(?:rss\/)?articles\/([\w-]{20,})$/.exec(path)?.[1];
  if (code === undefined) return null;
  const bytes = Buffer.from(code, 'base64url');
  if (bytes[0] !== 0x08 || bytes[1] !== 0x13 || bytes[2] !== 0x22) return null;
  // A length of more than 127 takes two bytes.
  const [low = 0, high = 0] = bytes.subarray(3, 5);
  const [start, length] = low < 0x80 ? [4, low] : [5, (low & 0x7f) + high * 128];
  return webAddress(bytes.toString('latin1', start, start + length));
}

function webAddress(text: string): string | null {
  const url = /^https?:\/\/[^\s]+$/i.test(text) && URL.canParse(text) ? new URL(text) : null;
  return url?.hostname.includes('.') ? text : null;
}

function safelyDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
