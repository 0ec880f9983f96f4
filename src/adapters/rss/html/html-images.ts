import { Parser } from 'htmlparser2';
import { widest } from './srcset.ts';

/** Markup is looked through for pictures so far. */
const MOST_MARKUP = 100_000;
const MOST_IMAGES = 20;

export interface HtmlImage {
  src: string;
  width: number | null;
  height: number | null;
}

/** The images of an HTML text, in order. Where a page loads its pictures late, the one that it loads. */
export function imagesOfHtml(html: string): HtmlImage[] {
  if (!/<img\b/i.test(html)) return [];
  const markup = html.slice(0, MOST_MARKUP);
  // The tags alone, unless one may stand in a script.
  const tags = /<(?:script|template)\b/i.test(markup)
    ? markup
    : (markup
        .match(/<img\b[^<>]{0,3000}>/gi)
        ?.slice(0, MOST_IMAGES)
        .join('') ?? '');
  const images: HtmlImage[] = [];
  let ignored = 0;
  const isIgnored = (name: string) => name === 'script' || name === 'template';
  const parser = new Parser({
    onopentag(name, attributes) {
      if (isIgnored(name)) ignored++;
      if (name !== 'img' || ignored > 0 || images.length >= MOST_IMAGES) return;
      const width = pixels(attributes.width) ?? pixels(style(attributes.style, 'width'));
      const height = pixels(attributes.height) ?? pixels(style(attributes.style, 'height'));
      const src = addressOf(attributes, width);
      // What the page says of the small one says nothing of the large one.
      const isOther = src !== attributes.src;
      images.push({ src, width: isOther ? null : width, height: isOther ? null : height });
    },
    onclosetag(name) {
      if (isIgnored(name)) ignored--;
    },
  });
  parser.end(tags);
  return images;
}

/** Where pages say what to load late. */
const LATE = [
  'data-src',
  'data-lazy-src',
  'data-original',
  'data-orig-file',
  'data-large-file',
  'data-full-src',
];
const LATE_SETS = ['data-srcset', 'data-lazy-srcset', 'srcset'];
const PLACEHOLDER = /^data:|\/(?:blank|spacer|transparent|1x1|placeholder|lazy)\.(?:gif|png|svg)/i;
/** A mail shows a picture as wide as this; of a smaller one the page may have a larger too. */
const WIDTH_IN_MAILS = 600;

function addressOf(attributes: Record<string, string>, width: number | null): string {
  const { src = '', srcset = '' } = attributes;
  if (src !== '' && !PLACEHOLDER.test(src)) {
    const isSmall = width !== null && width < WIDTH_IN_MAILS;
    return (isSmall ? widest(srcset, width) : null) ?? src;
  }
  const late = LATE.map((name) => attributes[name]?.trim()).find(Boolean);
  return late ?? LATE_SETS.map((name) => widest(attributes[name] ?? '', -1)).find(Boolean) ?? '';
}

function style(css: string | undefined, side: string): string | undefined {
  return css === undefined
    ? undefined
    : new RegExp(`(?:^|[;\\s])${side}\\s*:\\s*(\\d+)px`, 'i').exec(css.slice(0, 500))?.[1];
}

function pixels(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,5}(?:\.\d+)?(?:px)?\s*$/.test(text)
    ? Number.parseInt(text, 10)
    : null;
}
