import { Parser } from 'htmlparser2';

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
      images.push({
        src: addressOf(attributes),
        width: pixels(attributes.width) ?? pixels(style(attributes.style, 'width')),
        height: pixels(attributes.height) ?? pixels(style(attributes.style, 'height')),
      });
    },
    onclosetag(name) {
      if (isIgnored(name)) ignored--;
    },
  });
  parser.end(tags);
  return images;
}

function addressOf(attributes: Record<string, string>): string {
  const { src = '', srcset = '' } = attributes;
  const late = attributes['data-src'] ?? attributes['data-lazy-src'] ?? attributes['data-original'] ?? '';
  const isPlaceholder =
    src === '' || src.startsWith('data:') || /\/(?:blank|spacer|transparent|1x1)\.(?:gif|png)/i.test(src);
  if (!isPlaceholder) return src;
  return late !== '' ? late : (srcset.split(',').at(-1)?.trim().split(/\s/)[0] ?? '');
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
