import { Parser } from 'htmlparser2';

/** Markup longer than this is cut before it is read: a title or summary needs no more. */
const MOST_MARKUP = 20_000;

/** Elements that end a line: without a blank there, words of two paragraphs would run together. */
const BLOCKS =
  /^(?:p|div|br|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|tr|td|th|blockquote|section|article|aside|header|footer|figure|figcaption|pre|center|address)$/;
/** Elements whose text is not for reading. */
const UNREAD =
  /^(?:script|style|textarea|option|select|button|noscript|template|iframe|object|svg|math|head|xmp|noembed|noframes|audio|video|canvas)$/;
/** Control characters, and those that turn the direction of the text around them or cannot be seen. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for, and \p{Cc} takes ten times as long
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff]/g;

/** "<" that begins no tag ("<3", and "a <b" with no ">" after it): it is a character. */
const MAYBE_TAG = /<(?=([a-z/!?])?)/gi;
/** Stands for such a character while tags are read; it is none of any language. */
const LESS_THAN = '\ufdd0';
/** CDATA written out as text, by programs that escape what they have wrapped. */
const CDATA_MARKS = /<!\[CDATA\[|\]\]>/g;

/** What is left of a reference, or of markup with attributes, when a feed encoded its text once too often. */
const STILL_ENCODED =
  /&(?:amp;)?(?:#\d{2,6}|#x[\da-f]{2,5}|amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|euro|copy|[a-z](?:uml|acute|grave|circ|tilde|cedil|ring)|szlig);|&lt;\/?(?:p|br|div|span|a|img|b|i|em|strong|ul|li|h[1-6]|script|style|iframe)\b/i;
const STILL_MARKUP =
  /<(?:script|style|iframe|svg)\b|<\/(?:p|div|span|a|li|strong|em|script)>|<(?:p|br|hr)\s?\/?>|<(?:a|img|div|span|font|p)\s[^<>]*=/i;

/**
 * The words of an HTML text: no markup, no script or style, entities decoded once, blanks made one. A text that was
 * evidently encoded once too often ("&amp;#8217;", "&amp;lt;p&amp;gt;" inside HTML) is decoded again, twice at most.
 */
export function textOfHtml(html: string): string {
  let text = words(html);
  for (let again = 0; again < 2 && (STILL_ENCODED.test(text) || STILL_MARKUP.test(text)); again++) {
    text = words(text);
  }
  return text;
}

function words(html: string): string {
  const cut = html.slice(0, MOST_MARKUP);
  if (!/[<&]/.test(cut)) return plain(cut);
  const parts: string[] = [];
  let unread = 0;
  const parser = new Parser({
    onopentag(name) {
      if (UNREAD.test(name)) unread++;
      else if (BLOCKS.test(name)) parts.push(' ');
    },
    ontext(text) {
      if (unread === 0) parts.push(text);
    },
    onclosetag(name) {
      if (UNREAD.test(name)) unread--;
      else if (BLOCKS.test(name)) parts.push(' ');
    },
  });
  const marked = cut.replace(CDATA_MARKS, ' ');
  const last = marked.lastIndexOf('>');
  parser.end(
    marked.replace(MAYBE_TAG, (tag, begins: string | undefined, at: number) =>
      begins === undefined || at > last ? LESS_THAN : tag,
    ),
  );
  return plain(parts.join('').replaceAll(LESS_THAN, '<'));
}

/** Text that is not HTML, as Atom's type="text". */
export function plain(text: string): string {
  return wellFormed(text.slice(0, MOST_MARKUP).replace(INVISIBLE, '').replace(/\s+/g, ' ').trim());
}

/** Half a character, as JSON and cutting can leave: databases do not take it. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
