/** "Title | Site", "Title - Site": what stands behind the last such mark. */
const WITH_SITE = /^(.*\S)\s+(?:[|·•»–—-]|::)\s+([^|·•»]{1,60})$/u;
/** A title shorter than this may be all that is left of one. */
const SHORTEST = 12;

/**
 * A title without the name of the site behind it, as search engines' feeds and many others have it, and without a row of hashtags.
 * `names` are those that the site goes by: its feed's title, its host, what the item says of its source.
 */
export function bareTitle(title: string, names: readonly string[]): string {
  const own = withoutHashtags(title);
  const [, before = '', site = ''] = WITH_SITE.exec(own) ?? [];
  const isSite = names.some((name) => squeezed(name) !== '' && squeezed(name) === squeezed(site));
  return isSite && before.length >= SHORTEST && before.includes(' ') ? before : own;
}

/** One hashtag may be a word of the title; several at its end are not. */
function withoutHashtags(title: string): string {
  const words = title.split(' ');
  const last = words.findLastIndex((word) => !/^#\p{L}/u.test(word));
  const plain = words.slice(0, last + 1).join(' ');
  return words.length - last > 2 && plain.length >= SHORTEST ? plain : title;
}

/** The names that a host may be written as: "www.daily-news.co.uk" is "Daily News" and "dailynews.co.uk". */
export function namesOfHost(host: string): string[] {
  const bare = host.replace(/^www\./, '');
  const label =
    bare
      .replace(/(?:\.(?:com?|org|net|gov|ac))?\.[a-z]{2,}$/, '')
      .split('.')
      .at(-1) ?? '';
  return [bare, label];
}

function squeezed(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();
}
