/** Parameters that say where a click came from, whatever their value: analytics and mail tools put them on any link. */
const TRACKING =
  /^(?:utm_\w+|mtm_\w+|pk_\w+|piwik_\w+|matomo_\w+|hsa_\w+|mc_[ce]id|_hs(?:enc|mi)|hsctatracking|(?:fb|g|d|tt|tw|y|gad|li_fat_)clid|msclkid|(?:wb|gb)raid|igshid?|oly_\w+|vero_\w+|ref_(?:src|url)|ns_(?:mchannel|source|campaign|linkname|fee)|wt_?mc\w*|wt\.mc\w*|at_(?:medium|campaign|custom\d?|link_\w+)|mkt_tok|trk(?:campaign|info)?|guccounter|guce_referrer\w*|_ga|_gl|_openstat|yclid|dm_i|spjobid|spmailingid|spuserid|spreportid|ss_(?:source|campaign_\w+)|sc_(?:campaign|channel|content|medium|outcome|geo|country)|elqtrack\w*)$/i;

/** Parameters that say where a click came from, or which page it is: "?source=rss", but "?ref=1001" is a notice. */
const DOUBTFUL =
  /^(?:ref(?:errer|erer)?|source|src|from|via|origin|medium|channel|partner|emc|cmp(?:id)?|campaign(?:id|_id)?|spm|smid|xtor|sr_share|ito|s_cid|icid|ncid|cid|mod|rss|feed)$/i;
/** Words that say where a click came from. */
const ORIGINS = new Set(
  (
    'rss rss2 rss20 rssfeed feed feeds feedburner atom xml syndication newsletter nl newsletters mail email e-mail mailing twitter tw tweet x facebook fb ' +
    'linkedin instagram ig reddit whatsapp telegram pinterest youtube social share sharing shared homepage home frontpage hp google bing duckduckgo flipboard ' +
    'feedly news_reader newsreader reader notification push organic referral widget'
  ).split(' '),
);
/** Parameters that prove the others: without one of those the address may not work. */
const SIGNED =
  /^(?:sig|sign|signature|hmac|hash|checksum|token|expires?|policy|key-pair-id|x-(?:amz|goog)-.*|auth\w*|jwt)$/i;

/** Whether a parameter of an address says where a click came from, and not which page it is. */
export function isTracking(name: string, value: string): boolean {
  if (TRACKING.test(name)) return true;
  return DOUBTFUL.test(name) && isOrigin(value);
}

/** "rss", "tw-nytimes", "RSS-3208", "producthunt.com"; not a number or a word that may be a page's. */
function isOrigin(value: string): boolean {
  const plain = value.trim().toLowerCase();
  if (/^[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:com|org|net|io|co|nl|de|be|eu|uk|fr)$/.test(plain)) return true;
  return plain.split(/[\s_+.:/-]+/).some((word) => ORIGINS.has(word)) || ORIGINS.has(plain);
}

/**
 * An address without the parameters that only say where a click came from: from a mail, "source=rss" is not even true. All
 * else of it stays letter for letter, and an address that is signed stays whole.
 */
export function withoutTracking(address: string): string {
  const [beforeHash = '', ...afterHash] = address.split('#');
  const hash = afterHash.join('#');
  const keptHash =
    /^\??(?:utm_\w+|xtor|ref|source)=/i.test(hash) && parts(hash.replace(/^\?/, '')).every(isTrackingPart)
      ? ''
      : hash;
  const at = beforeHash.indexOf('?');
  const query = at === -1 ? '' : beforeHash.slice(at + 1);
  const all = parts(query);
  const isSigned = all.some((part) => SIGNED.test(nameOf(part)));
  const kept = isSigned ? all : all.filter((part) => !isTrackingPart(part));
  if (kept.length === all.length) return keptHash === hash ? address : beforeHash;
  const path = beforeHash.slice(0, at);
  return `${path}${kept.length > 0 ? `?${kept.join('&')}` : ''}${keptHash === '' ? '' : `#${keptHash}`}`;
}

/**
 * The addresses of one reading without tracking. Where that would make one page of two stories, the parameters are the page,
 * whatever they are called.
 */
export function withoutTrackingIn<Item extends { url: string; title: string }>(
  items: readonly Item[],
): Item[] {
  const clean = items.map(({ url }) => withoutTracking(url));
  const addresses = new Map<string, Set<string>>();
  const titles = new Map<string, Set<string>>();
  for (const [place, { url, title }] of items.entries()) {
    const page = clean[place]!;
    addresses.set(page, (addresses.get(page) ?? new Set()).add(url));
    titles.set(page, (titles.get(page) ?? new Set()).add(title));
  }
  const isSeveral = (page: string) => addresses.get(page)!.size > 1 && titles.get(page)!.size > 1;
  return items.map((item, place) => (isSeveral(clean[place]!) ? item : { ...item, url: clean[place]! }));
}

const parts = (query: string): string[] => query.split('&').filter((part) => part !== '');
const nameOf = (part: string): string => decoded(part.split('=')[0] ?? '').replace(/^amp;/, '');
const isTrackingPart = (part: string): boolean =>
  isTracking(nameOf(part), decoded(part.slice(part.indexOf('=') + 1)));

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
