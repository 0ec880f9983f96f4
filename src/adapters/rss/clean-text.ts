import { Parser } from 'htmlparser2';
import { decodeReferences, withWholeCharacters } from './entities.ts';
import { isElement } from './html-elements.ts';

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

/** "<", with the name after it if it may begin a tag. */
const MAYBE_TAG = /<(\/?)([a-z][\w:.-]*)?(?=([/!?])?)/gi;
/** Stands for a "<" that begins no tag while tags are read; it is none of any language. */
const LESS_THAN = '\ufdd0';
/** CDATA written out as text, by programs that escape what they have wrapped. */
const CDATA_MARKS = /<!\[CDATA\[|\]\]>/g;
/** "&copy=2" is of an address, as in HTML's attributes. */
const PARAMETER = /&(?=[a-z][a-z\d]*=)/gi;

/** What is left of a reference when a feed encoded its text once too often. */
const STILL_ENCODED =
  /&(?:amp;)?(?:#\d{2,6}|#x[\da-f]{2,5}|amp|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|euro|copy|[a-z](?:uml|acute|grave|circ|tilde|cedil|ring)|szlig);|&lt;\/?(?:p|br|div|span|a|img|b|i|em|strong|ul|li|h[1-6]|script|style|iframe)\b/i;
/** What is left of markup then: elements that end, that have attributes, or that break lines more than once. */
const STILL_MARKUP =
  /<\/(?:p|div|span|a|ul|ol|li|b|i|strong|em|h[1-6]|table|td)>|^<p>|<(?:p|br|hr)\s?\/?>[\s\S]*<(?:p|br|hr)\s?\/?>|<(?:a|img|div|span|font|p)\s[^<>]*=/i;
/** Scripts are taken out even where a text is about them. */
const STILL_SCRIPT = /<(?:script|style|iframe|svg)\b/i;
const SCRIPT_END = /<\/(?:script|style|iframe|svg)\b/i;
/** "The <script> element" loses its marks: it is text, but nobody is to have to look twice. */
const SCRIPT_NAME = /<(\/?(?:script|style|iframe|svg|object|embed)\b)[^<>]*>?/gi;

/**
 * The words of an HTML text: no markup, no script or style, entities decoded once, blanks made one. A text that was
 * evidently encoded once too often ("&amp;#8217;", "&amp;lt;p&amp;gt;" where no markup is) is decoded again, twice at most.
 */
export function textOfHtml(html: string): string {
  let { text, hasMarkup } = words(html);
  for (let again = 0; again < 2; again++) {
    const hasScript = STILL_SCRIPT.test(text) && SCRIPT_END.test(text);
    if (hasScript || (!hasMarkup && STILL_MARKUP.test(text))) ({ text, hasMarkup } = words(text));
    else if (STILL_ENCODED.test(text)) text = plain(decodeReferences(text));
    else break;
  }
  return text.includes('<') ? text.replace(SCRIPT_NAME, '$1') : text;
}

/** An HTML text's words, and whether there was markup among them. */
function words(html: string): { text: string; hasMarkup: boolean } {
  const cut = html.slice(0, MOST_MARKUP);
  if (!/[<&]/.test(cut)) return { text: plain(cut), hasMarkup: false };
  const parts: string[] = [];
  let unread = 0;
  let hasMarkup = false;
  const parser = new Parser({
    onopentag(name) {
      hasMarkup = true;
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
  const tags = withTagsAlone(cut.replace(CDATA_MARKS, ' '));
  parser.end(withWholeCharacters(tags).replace(PARAMETER, '&amp;'));
  return { text: plain(parts.join('').replaceAll(LESS_THAN, '<')), hasMarkup };
}

/**
 * HTML whose every "<" begins a tag: in "<3", "a <b" with no ">" after it, and "List<String>" it is a character. A comment
 * that never ends is none of it.
 */
function withTagsAlone(html: string): string {
  const open = html.indexOf('<!--', html.lastIndexOf('-->') + 1);
  const whole = open === -1 ? html : html.slice(0, open);
  const last = whole.lastIndexOf('>');
  let ended: Set<string> | null = null;
  const isEnded = (name: string) => {
    ended ??= new Set(whole.toLowerCase().match(/(?<=<\/)[a-z][\w.]*/g));
    return ended.has(name.toLowerCase());
  };
  return whole.replace(
    MAYBE_TAG,
    (tag, slash: string, name: string | undefined, mark: string | undefined, at: number) => {
      const isTag =
        name === undefined
          ? mark !== undefined || slash !== ''
          : isElement(name) || isEnded(name) || !endsFirst(whole, at);
      return isTag && at <= last ? tag : `${LESS_THAN}${tag.slice(1)}`;
    },
  );
}

/** Whether what looks like a tag ends before the next one begins: "<scr<script>" is a trick. */
function endsFirst(html: string, at: number): boolean {
  const next = html.indexOf('<', at + 1);
  return next === -1 || html.indexOf('>', at) < next;
}

/** Text that is not HTML, as Atom's type="text". */
export function plain(text: string): string {
  return wellFormed(text.slice(0, MOST_MARKUP).replace(INVISIBLE, '').replace(/\s+/g, ' ').trim());
}

/** Half a character, as JSON and cutting can leave: databases do not take it. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
