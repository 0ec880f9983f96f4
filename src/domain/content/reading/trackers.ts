/** Addresses that count readers or decorate pages; none is a picture of an article. */
const NOT_PICTURES = [
  /^feeds\.feedburner\.com\/~/,
  /^feeds?\.[^/]+\/~(?:r|ff|a)\//,
  /^(?:rss|da|pi|da)\.feedsportal\.com\//,
  /(?:^|\.)feedsportal\.com\/c\//,
  /^(?:pixel|stats)\.(?:wp|wordpress)\.com\//,
  /^feeds\.wordpress\.com\//,
  /(?:^|\.)doubleclick\.net\//,
  /(?:^|\.)google-analytics\.com\//,
  /(?:^|\.)googlesyndication\.com\//,
  /(?:^|\.)scorecardresearch\.com\//,
  /(?:^|\.)quantserve\.com\//,
  /(?:^|\.)statcounter\.com\//,
  /(?:^|\.)(?:pheedo|pheedcontent|feedads|adbrite|zemanta|blogads|wundercounter|sitemeter|histats)\./,
  /^(?:www\.)?facebook\.com\/tr\b/,
  /^(?:www\.)?assoc-amazon\./,
  /(?:^|\.)list-manage\.com\/track/,
  /(?:^|\.)(?:medium\.com\/_\/stat|vgwort\.de\/|ioam\.de\/|ivwbox\.de\/|matomo\.|piwik\.)/,
  /(?:^|\.)(?:gravatar\.com|s\.w\.org\/images\/core\/emoji|twemoji\.)/,
  /(?:twitter|facebook|linkedin|instagram|whatsapp|youtube|google|rss|email|share)[_-](?:icon|logo|button|share)/,
  /\/(?:emoji|smilies|smileys|icons?|buttons?|badges?|avatars?)\//,
  /\/(?:spacer|blank|pixel|transparent|clear|dot|1x1|count(?:er)?|track(?:er|ing)?)(?:\.(?:gif|png|php|aspx?))?(?:\?|$)/,
  /\/(?:pixel|beacon|impression)[/?]/,
];

/** Whether an image's address is known to be a tracking pixel, a button or the like. */
export function isNoPicture(url: string): boolean {
  const address = url.replace(/^https?:\/\//i, '').toLowerCase();
  return NOT_PICTURES.some((pattern) => pattern.test(address));
}
