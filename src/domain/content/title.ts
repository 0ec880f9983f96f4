/** "Title | Site", "Title - Site": what stands behind the last such mark. */
const WITH_SITE = /^(.*\S)\s+(?:[|·•»–—-]|::)\s+([^|·•»]{1,60})$/u;
/** One hashtag may be a word of the title; several are not. */
const HASHTAGS = /(?:\s+#\p{L}[\p{L}\p{N}_]*){2,}$/u;
/** A title shorter than this may be all that is left of one. */
const SHORTEST = 12;

/**
 * A title without the name of the site behind it, as search engines' feeds and many others have it, and without a row of hashtags.
 * `names` are those that the site goes by: its feed's title, its host, what the item says of its source.
 */
export function bareTitle(title: string, names: readonly string[]): string {
  const plain = title.replace(HASHTAGS, '');
  const own = plain.length >= SHORTEST ? plain : title;
  const [, before = '', site = ''] = WITH_SITE.exec(own) ?? [];
  const isSite = names.some((name) => squeezed(name) !== '' && squeezed(name) === squeezed(site));
  return isSite && before.length >= SHORTEST && before.includes(' ') ? before : own;
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
