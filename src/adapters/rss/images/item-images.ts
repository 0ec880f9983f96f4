import { largerPicture } from '../../../domain/content/reading/larger-picture.ts';
import { isNoPicture } from '../../../domain/content/reading/trackers.ts';
import { imagesOfHtml } from '../html/html-images.ts';
import { resolveAddress } from '../http/resolve-address.ts';
import { attribute, type Element, textOf } from '../parsed-feed.ts';

/** A picture narrower than this looks poor in a mail; far below it are counting pixels and buttons. */
export const NARROWEST = 200;
const LOWEST = 60;
/** From here on a picture looks good as the first of a mail. */
const FINE = 400;
const MOST_IMAGES = 5;
/** With as many, the texts are not looked through for more. */
const ENOUGH_IMAGES = 2;

export interface ImageAddress {
  url: string;
  /** False for one that the feed names without TLS: it may not be there with it. */
  isSure: boolean;
}

/** The pictures an item may be shown with, the best first. All are https, or Simmer's own. */
export function imagesOf(
  field: (name: string) => Element[],
  texts: readonly string[],
  base: URL,
  isOwn: (url: URL) => boolean,
  page: URL,
): ImageAddress[] {
  const enclosures = [
    ...field('enclosure'),
    ...field('link').filter((link) => attribute(link, 'rel') === 'enclosure'),
  ];
  const candidates = [
    ...webpLast(byWidth([...field('media:content'), ...enclosures].filter(isImage).map(fromAttributes))),
    ...byWidth(field('media:thumbnail').map(fromAttributes)),
    ...['itunes:image', 'googleplay:image'].flatMap(field).map(fromAttributes),
    ...field('image').map((image) => ({
      ...fromAttributes(image),
      src: textOf(image).trim() || fromAttributes(image).src,
    })),
  ];
  const images = new Map<string, ImageAddress>();
  const take = (candidate: Candidate) => {
    const image = images.size < MOST_IMAGES ? usable(candidate, base, isOwn) : null;
    if (!image || images.has(image.url)) return;
    const larger = largerPicture(image.url);
    if (larger !== null && !images.has(larger)) images.set(larger, { ...image, url: larger });
    images.set(image.url, image);
  };
  for (const candidate of candidates) take(candidate);
  for (const element of texts.flatMap(field)) {
    if (images.size >= ENOUGH_IMAGES) break;
    const own = attribute(element, 'xml:base');
    for (const image of imagesOfHtml(textOf(element))) {
      take({ ...image, base: own });
      // "cover.jpg" lies beside the feed or beside the article's page.
      if (own === undefined && !/^\s*(?:[a-z][a-z\d+.-]*:|\/)/i.test(image.src))
        take({ ...image, base: page.href });
    }
  }
  const found = [...images.values()];
  return [...found.filter(({ isSure }) => isSure), ...found.filter(({ isSure }) => !isSure)];
}

interface Candidate {
  src: string;
  width: number | null;
  height: number | null;
  base?: string | undefined;
  isWebp?: boolean;
}

function usable(
  { src, width, height, base: own }: Candidate,
  base: URL,
  isOwn: (url: URL) => boolean,
): ImageAddress | null {
  if ((width ?? NARROWEST) < NARROWEST || (height ?? LOWEST) < LOWEST || src.trim() === '') return null;
  const url = resolveAddress(src, (own === undefined ? null : resolveAddress(own, base)) ?? base);
  // Mail programs show no SVG.
  if (!url || /\.svgz?$/i.test(url.pathname) || isNoPicture(url.href)) return null;
  url.hash = '';
  if (url.protocol === 'https:' || isOwn(url)) return { url: url.href, isSure: true };
  // They warn about pictures that come without TLS.
  if (url.port !== '') return null;
  url.protocol = 'https:';
  return { url: url.href, isSure: false };
}

function isImage(element: Element): boolean {
  const type = attribute(element, 'type');
  if (type !== undefined) return /^image\/(?!svg)/i.test(type);
  if (attribute(element, 'medium') !== undefined) return attribute(element, 'medium') === 'image';
  return /\.(jpe?g|png|gif|webp)(\?|$)/i.test(addressOf(element));
}

/** Where it should be, or as text, where some feeds put it. */
function addressOf(element: Element): string {
  return (attribute(element, 'url') ?? attribute(element, 'href') ?? textOf(element)).trim();
}

function fromAttributes(element: Element): Candidate {
  const size = (name: string) => Number.parseInt(attribute(element, name) ?? '', 10);
  return {
    src: addressOf(element),
    width: size('width') || null,
    height: size('height') || null,
    isWebp:
      /^image\/webp/i.test(attribute(element, 'type') ?? '') || /\.webp(?:\?|$)/i.test(addressOf(element)),
  };
}

/** A WebP, which several mail programs do not show, stands behind all others that are wide enough for a mail. */
function webpLast(candidates: Candidate[]): Candidate[] {
  const isFine = ({ isWebp, width }: Candidate) => !isWebp && (width ?? FINE) >= FINE;
  return [...candidates.filter(isFine), ...candidates.filter((one) => !isFine(one))];
}

/** Wide ones first; where no width is given, as they stand. */
function byWidth(candidates: Candidate[]): Candidate[] {
  return candidates.toSorted((a, b) => (b.width ?? 0) - (a.width ?? 0));
}
