/**
 * The address of the same picture in a size that a mail can show, at places that make all sizes and whose feeds name a small
 * one; null elsewhere. It is looked at before the small one, and may not be there.
 */
export function largerPicture(url: string): string | null {
  // Blogger: …/s72-c/x.jpg, …/w320-h240/x.jpg; a size is a part of the path.
  if (/^https:\/\/(?:\d\.bp\.blogspot\.com|blogger\.googleusercontent\.com)\//.test(url)) {
    const larger = url.replace(/\/(?:s\d{1,3}|w\d{1,3}-h\d{1,4})(?:-[a-z\d-]+)?(?=\/[^/]+$)/, '/s1200');
    return larger === url ? null : larger;
  }
  // YouTube: the usual one has black bars above and below.
  const film = /^https:\/\/(i\d?\.ytimg\.com)\/vi\/([\w-]+)\/(?:hq|mq|sd)?default\.jpg$/.exec(url);
  return film === null ? null : `https://${film[1]}/vi/${film[2]}/maxresdefault.jpg`;
}
