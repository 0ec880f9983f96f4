import type { TextBlock } from '../../../domain/content/reading/teaser.ts';
import { withoutMojibake } from '../charset/mojibake.ts';
import { decodeReferences } from './entities.ts';
import { type Reading, readWords, SAID_OF, type Words, withoutMarks } from './html-words.ts';
import { LESS_THAN } from './tag-or-text.ts';

/** Markup longer than this is cut before it is read: a title or summary needs no more. */
const MOST_MARKUP = 20_000;

/** Control characters, and those that turn the direction of the text around them or cannot be seen. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for, and \p{Cc} takes ten times as long
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufdd0-\ufdef\ufffe\uffff]/g;

/** What is left of a reference when a feed encoded its text once too often. */
const STILL_ENCODED =
  /&(?:amp;)?(?:#\d{2,6}|#x[\da-f]{2,5}|amp|[lg]t|quot|apos|nbsp|[lr][sd]quo|[mn]dash|hellip|euro|copy|[a-z](?:uml|acute|grave|circ|tilde|cedil|ring)|szlig);/i;
/** What is left of markup then: elements that end, that have attributes, or that break lines more than once. */
const STILL_MARKUP =
  /<\/(?:p|div|span|a|ul|ol|li|b|i|strong|em|h[1-6]|table|td)>|^<p>|<(?:p|br|hr)\s?\/?>[\s\S]*<(?:p|br|hr)\s?\/?>|<(?:a|img|div|span|font|p)\s[^<>]*=/i;
/** Beside other markup only what no text about HTML would write into its running text: elements with values that end, pictures… */
const WITH_VALUES =
  /<(a|div|span|p|font|h[1-6]|td|table)\s[^<>]{0,500}=["'][^<>]{0,500}>|<(img)\s[^<>]{0,500}src=["']/gi;
/** …and a text that is an element from end to end. */
const FROM_END_TO_END = /^[^\p{L}\p{N}<]{0,20}<(p|div|ul|h[1-6])>[\s\S]*<\/\1>[^\p{L}\p{N}>]{0,20}$/iu;
/** Scripts are taken out even where a text is about them. */
const STILL_SCRIPT = /<(?:script|style|iframe|svg)\b/i;
const SCRIPT_END = /<\/(?:script|style|iframe|svg)\b/i;
/** "The <script> element" loses its marks: it is text, but nobody is to have to look twice. */
const SCRIPT_NAME = /<(\/?(?:script|style|iframe|svg|embed)\b)[^<>]*>?/gi;

/** What WordPress' builders of pages leave in excerpts: "[vc_row][vc_column_text]". */
const SHORTCODES =
  /\[\/?(?:vc_|et_pb_|fusion_|av_|cs_|tatsu_|rev_slider|caption|gallery|embed|playlist|audio|video|su_|elementor|contact-form|nectar_)[^\]]{0,400}\]/g;

/** The words of a title, in which "<head>" is what it is about. */
export function titleOfHtml(html: string): string {
  return plainOf(decoded(html, 'title'));
}

/**
 * An HTML text by its paragraphs: no markup, no script or style, nothing that only stands beside the running text, entities
 * decoded once, blanks made one. A text that was evidently encoded once too often ("&amp;#8217;", "&amp;lt;p&amp;gt;"
 * where no markup is) is decoded again, twice at most.
 */
export function blocksOfHtml(html: string, reading: 'text' | 'anything'): TextBlock[] {
  const text = decoded(html, reading).replace(SHORTCODES, ' ');
  // Without markup an empty line is between paragraphs.
  const hasBlocks = text.includes(SAID_OF.block) || text.includes(SAID_OF.line);
  const parts = hasBlocks
    ? text.split(SAID_OF.block).map((part) => part.split(SAID_OF.line))
    : [paragraphsOf(text)];
  let isAfterImage = false;
  const blocks: TextBlock[] = [];
  for (const lines of parts) {
    for (const [place, part] of lines.entries()) {
      const hasImage = part.includes(SAID_OF.image);
      const words = plainOf(part);
      if (words !== '') {
        const block = blockOf(part, words, isAfterImage || part.trim().startsWith(SAID_OF.image));
        // Two ends of a line are the end of a paragraph.
        const isNextLine = hasBlocks && place > 0 && plainOf(lines[place - 1]!) !== '';
        blocks.push(isNextLine ? { ...block, isNextLine } : block);
      }
      isAfterImage = hasImage || (isAfterImage && words === '');
    }
  }
  return blocks;
}

/** Text that is not HTML, by its paragraphs. */
export function blocksOfPlain(text: string): TextBlock[] {
  return paragraphsOf(text.slice(0, MOST_MARKUP))
    .map(plain)
    .filter((words) => words !== '')
    .map((words) => ({ text: words, isHeading: false, isAfterImage: false }));
}

/** Lines of plain texts that are none of a running text: addresses with their label, chapters of a film, hashtags. */
function isBesideLine(line: string): boolean {
  const text = line.trim();
  const isLink = /^[^.!?]{0,60}?https?:\/\/\S+$/.test(text);
  const isChapter = /^\(?\d{1,2}:\d{2}(?::\d{2})?\)?\s/.test(text);
  return (
    isLink ||
    isChapter ||
    (text.startsWith('#') && text.split(/[\s,]+/).every((word) => word.startsWith('#')))
  );
}

function paragraphsOf(text: string): string[] {
  const lines = text.split('\n');
  const own = lines.length > 1 ? lines.filter((line) => !isBesideLine(line)) : lines;
  return own.join('\n').split(/\n\s*\n/);
}

function blockOf(part: string, words: string, isAfterImage: boolean): TextBlock {
  const more = part.lastIndexOf(SAID_OF.moreOpens);
  const after = plainOf(part.slice(part.lastIndexOf(SAID_OF.moreCloses) + 1));
  // A link to the whole text that ends its paragraph.
  const isMore = more !== -1 && !/[\p{L}\p{N}]/u.test(after);
  const own = isMore ? plainOf(part.slice(0, more)).replace(/(?<![\s[(])[\s[(]+$/, '') : words;
  const small = new RegExp(
    `${SAID_OF.smallOpens}([^${SAID_OF.smallOpens}${SAID_OF.smallCloses}]{1,150})${SAID_OF.smallCloses}`,
    'g',
  );
  return {
    text: own,
    isHeading: part.includes(SAID_OF.heading) || isBoldAlone(part) || isLabelled(part, words),
    isAfterImage,
    ...(part.includes(SAID_OF.smallOpens)
      ? { small: [...part.matchAll(small)].map(([, inner = '']) => plainOf(inner)) }
      : {}),
  };
}

/** "Category: Internal", with the label in bold letters: a field of a list, as SharePoint writes them. */
function isLabelled(part: string, words: string): boolean {
  const { boldOpens, boldCloses } = SAID_OF;
  const label = part.trimStart().startsWith(boldOpens) ? part.slice(0, part.indexOf(boldCloses)) : '';
  return words.length < 45 && label.length < 30 && label.trimEnd().endsWith(':');
}

/** A paragraph in bold letters that is no sentence is a heading of somebody who does not use headings. */
function isBoldAlone(part: string): boolean {
  const { boldOpens, boldCloses } = SAID_OF;
  const inner = part.replace(/[\ufdd1-\ufdd3\ufdd6-\ufdda\s]+/g, ' ').trim();
  return (
    inner.startsWith(boldOpens) &&
    inner.indexOf(boldCloses) === inner.length - 1 &&
    inner.length < 90 &&
    !/[.!?…:;,。！？]["'”’»)]?\s*.$/u.test(inner)
  );
}

/** The words of HTML with the marks of html-words.ts. */
function decoded(html: string, reading: Reading): string {
  let words: Words = readWords(withoutMarks(html.slice(0, MOST_MARKUP)), reading);
  for (let again = 0; again < 2; again++) {
    const { text, hasMarkup } = words;
    const hasScript = STILL_SCRIPT.test(text) && SCRIPT_END.test(text);
    const isMarkup = hasScript || (hasMarkup ? isSurelyMarkup(text) : STILL_MARKUP.test(text));
    if (isMarkup) words = readWords(text, reading);
    else if (STILL_ENCODED.test(text)) words = { text: decodeReferences(text), hasMarkup };
    else break;
  }
  const text = words.text.replaceAll(LESS_THAN, '<');
  return text.includes('<') ? text.replace(SCRIPT_NAME, '$1') : text;
}

function isSurelyMarkup(text: string): boolean {
  if (!text.includes('<')) return false;
  const names = new Set(
    [...text.matchAll(WITH_VALUES)].map(([, name, picture]) => (picture ?? name ?? '').toLowerCase()),
  );
  const lower = names.size > 0 ? text.toLowerCase() : '';
  return (
    [...names].some((name) => name === 'img' || lower.includes(`</${name}>`)) || FROM_END_TO_END.test(text)
  );
}

/** Text with marks as people read it. */
function plainOf(marked: string): string {
  return plain(marked.replace(/[\ufdd1\ufdd3\ufdda]/g, ' '));
}

/** Text that is not HTML, as Atom's type="text". */
export function plain(text: string): string {
  // Of what was read in the wrong charset, characters that cannot be seen are a part.
  const meant = withoutMojibake(text.slice(0, MOST_MARKUP));
  return wellFormed(meant.replace(INVISIBLE, '').replace(/\s+/g, ' ').trim());
}

/** Half a character, as JSON and cutting can leave: databases do not take it. */
export function wellFormed(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
}
