import sanitizeHtml from 'sanitize-html';

/** Markup longer than this is cut before it is read: a title or summary needs no more. */
const MOST_MARKUP = 20_000;

/** Tags that end a line: without a space there, words of two paragraphs would run together. */
const BLOCKS =
  /<(?=\/?(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|tr|td|th|blockquote|section|article|figure|figcaption|pre)\b)/gi;
/** Control characters, and those that turn the direction of the text around them or cannot be seen. */
const INVISIBLE = /(?![\t\n\r])\p{Cc}|[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;

/** The words of an HTML text: no markup, no script or style, entities decoded once, blanks made one. */
export function textOfHtml(html: string): string {
  const spaced = html.slice(0, MOST_MARKUP).replace(BLOCKS, ' <');
  const escaped = sanitizeHtml(spaced, {
    allowedTags: [],
    allowedAttributes: {},
    nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'template', 'iframe', 'svg', 'math'],
  });
  return plain(unescapeHtml(escaped));
}

/** Text that is not HTML, as Atom's type="text". */
export function plain(text: string): string {
  return text.slice(0, MOST_MARKUP).replace(INVISIBLE, '').replace(/\s+/g, ' ').trim();
}

/** What sanitize-html writes for the characters that mean something in HTML. One pass, so nothing is decoded twice. */
function unescapeHtml(text: string): string {
  return text.replace(
    /&(amp|lt|gt|quot);/g,
    (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '"',
  );
}

const entities = new Map<string, string | null>();

/** The character that an HTML entity such as "eacute" stands for; null when there is none of that name. */
export function htmlEntity(name: string): string | null {
  let character = entities.get(name);
  if (character === undefined) {
    const text = unescapeHtml(sanitizeHtml(`&${name};`, { allowedTags: [] }));
    character = text === `&${name};` ? null : text;
    // Names come from outside; there are about 2,200 real ones.
    if (entities.size < 5000) entities.set(name, character);
  }
  return character;
}

export interface HtmlImage {
  src: string;
  width: number | null;
  height: number | null;
}

/** The images of an HTML text, in order. */
export function imagesOfHtml(html: string): HtmlImage[] {
  const images: HtmlImage[] = [];
  if (!/<img\b/i.test(html)) return images;
  sanitizeHtml(html.slice(0, 10 * MOST_MARKUP), {
    allowedTags: ['img'],
    allowedAttributes: { img: ['src', 'width', 'height'] },
    transformTags: {
      img: (tagName, attribs) => {
        const { src = '', width, height } = attribs;
        images.push({ src, width: pixels(width), height: pixels(height) });
        return { tagName, attribs };
      },
    },
  });
  return images;
}

function pixels(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+(px)?\s*$/.test(text) ? Number.parseInt(text, 10) : null;
}
