import { Parser } from 'htmlparser2';
import { isCallToRead } from '../../../domain/content/reading/teaser-tails.ts';
import { withBytesJoined } from '../charset/mojibake.ts';
import { withWholeCharacters } from './entities.ts';
import { LESS_THAN, withTagsAlone } from './tag-or-text.ts';
import { isBeside, NEVER_READ } from './unread-elements.ts';

/** Elements that end a line: without a blank there, words of two paragraphs would run together. */
const BLOCKS =
  /^(?:p|div|hr|li|ul|ol|dl|dt|dd|h[1-6]|table|tr|td|th|blockquote|section|article|aside|header|footer|figure|figcaption|pre|center|address)$/;
/** In code every "<" is meant to be seen. */
const CODE = /^(?:code|pre|kbd|samp|tt|var)$/;
/** Small text inside of other text: a credit may be in it. */
const SMALL = /^(?:span|em|i|small|cite|font)$/;

/**
 * What was in the markup and still matters when it is gone. They are characters of no language, and taken out of what
 * comes in; a text that is read a second time keeps them.
 */
export const SAID_OF = {
  block: '\ufdd1',
  heading: '\ufdd2',
  image: '\ufdd3',
  boldOpens: '\ufdd4',
  boldCloses: '\ufdd5',
  smallOpens: '\ufdd6',
  smallCloses: '\ufdd7',
  /** A line ends, and no paragraph: "<br>". */
  line: '\ufdda',
  /** A link to the whole text. */
  moreOpens: '\ufdd8',
  moreCloses: '\ufdd9',
} as const;
const NOT_OF_TEXTS = /[\ufdd0-\ufdef]/g;

/** CDATA written out as text, by programs that escape what they have wrapped. */
const CDATA_MARKS = /<!\[CDATA\[|\]\]>/g;
/** "&copy=2" is of an address, as in HTML's attributes. */
const PARAMETER = /&(?=[a-z][a-z\d]*=)/gi;

export type Reading =
  /** All of it, "<head>" too. */
  | 'title'
  /** The running text alone. */
  | 'text'
  /** What is left of an item without any: headings, figures, code. */
  | 'anything';

export interface Words {
  /** With the marks of SAID_OF in it. */
  text: string;
  hasMarkup: boolean;
}

/** The HTML that `readWords` may be given: without the characters that are used as marks. */
export const withoutMarks = (html: string): string => html.replace(NOT_OF_TEXTS, '');

/** The words of HTML. The time is in proportion to its length. */
export function readWords(html: string, reading: Reading): Words {
  if (!/[<&]/.test(html)) return { text: html, hasMarkup: false };
  const walk = new WordWalk(reading);
  const parser = new Parser(walk);
  const tags = withTagsAlone(withBytesJoined(html.replace(CDATA_MARKS, ' ')), reading === 'title');
  parser.end(withWholeCharacters(tags).replace(PARAMETER, '&amp;'));
  return { text: walk.parts.join(''), hasMarkup: walk.hasMarkup };
}

/** Goes through the tags and texts as htmlparser2 tells of them. */
class WordWalk {
  readonly parts: string[] = [];
  hasMarkup = false;
  private readonly reading: Reading;
  /** How many open elements are unread, and how many are code. */
  private unread = 0;
  private code = 0;
  /** Whether each open element is unread, and where its text begins. */
  private readonly open: { name: string; isUnread: boolean; at: number }[] = [];

  constructor(reading: Reading) {
    this.reading = reading;
  }

  onopentag(name: string, attributes: Record<string, string>): void {
    this.hasMarkup = true;
    const isUnread =
      NEVER_READ.test(name) ||
      (this.reading === 'text' && (isBeside(name, attributes) || (name === 'cite' && this.isQuoted))) ||
      (this.reading === 'anything' && /^(?:figcaption|nav|form)$/.test(name));
    if (name === 'br') this.parts.push(SAID_OF.line);
    else if (name === 'img' || name === 'iframe' || name === 'figure') this.parts.push(SAID_OF.image);
    else if (BLOCKS.test(name)) this.parts.push(SAID_OF.block);
    this.open.push({ name, isUnread, at: this.parts.length });
    if (isUnread) this.unread++;
    if (CODE.test(name)) this.code++;
    if (this.unread > 0) return;
    if (/^h[1-6]$/.test(name)) this.parts.push(SAID_OF.heading);
    else if (name === 'b' || name === 'strong') this.parts.push(SAID_OF.boldOpens);
    else if (SMALL.test(name)) this.parts.push(SAID_OF.smallOpens);
  }

  /** Whose words they are stands in a quotation, and is none of them. */
  private get isQuoted(): boolean {
    return this.open.some(({ name }) => name === 'blockquote');
  }

  ontext(text: string): void {
    if (this.unread > 0) return;
    this.parts.push(this.code > 0 ? text.replaceAll('<', LESS_THAN) : text);
  }

  onclosetag(name: string): void {
    const opened = this.open.pop();
    if (CODE.test(name)) this.code--;
    if (opened?.isUnread) this.unread--;
    if (BLOCKS.test(name)) this.parts.push(SAID_OF.block);
    if (this.unread > 0 || !opened) return;
    if (name === 'b' || name === 'strong') this.parts.push(SAID_OF.boldCloses);
    else if (SMALL.test(name)) this.parts.push(SAID_OF.smallCloses);
    else if (name === 'a' && this.parts.length - opened.at <= 6) this.closeLink(opened.at);
  }

  private closeLink(at: number): void {
    if (isCallToRead(this.parts.slice(at).join('').replace(NOT_OF_TEXTS, ''))) {
      this.parts.splice(at, 0, SAID_OF.moreOpens);
      this.parts.push(SAID_OF.moreCloses);
    }
  }
}
