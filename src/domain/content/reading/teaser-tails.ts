import { APPEARED_FIRST, CALLS, CALLS_ALONE, NOTICES } from './tail-words.ts';

/** What stands before the title, before the site, and after it. */
const APPEARED = APPEARED_FIRST.map((tail) => tail.split('@').map((part) => part.trim())) as [
  string,
  string,
  string?,
][];
const NOTICE_AT_END = new RegExp(String.raw`(?<!\s)\s*(?:-{2,10}\s*)?(?:${NOTICES.join('|')})\s*$`, 'i');
const ARROWS = String.raw`[\s»›>→⟶➔▸►…\.\[\](){}]*`;
const ARROWS_AT_END = new RegExp(`(?<!${ARROWS.slice(0, -1)})${ARROWS}$`, 'u');
const QUOTES_AT_END = /(?<!["“”«»'’])["“”«»'’]+$/u;
const NOTHING_MORE = new RegExp(`^[:!]?${ARROWS}$`, 'u');
const CALL_ALONE = new RegExp(
  String.raw`^[\s«‹<\[(→►▸]*(?:${[...CALLS, ...CALLS_ALONE].join('|')})[:!]?${ARROWS}$`,
  'iu',
);
/** "Continue reading TITLE →": a call that the title follows. */
const CALL_THEN = new RegExp(
  String.raw`^[\s\[(→►▸]*(?:${CALLS.join('|')})[:\s]*["“”„«'‘’–-]*\s*([\s\S]*)$`,
  'iu',
);
/** Where a call may begin in running text: after the end of a sentence, or where the text was cut. */
const CALL_IN_TEXT = new RegExp(
  String.raw`(?:^|(?<=[.!?…。！？:»"”’)\]\u2026])\s*)[\[(→►▸]?\s*(?:${CALLS.join('|')})(?!\p{L})`,
  'gu',
);
/** Said of a title or a page: "Read more about payroll". */
const OF_A_PAGE =
  /^\s*(?:of this (?:article|story|post|piece)|about|on|at|here|over|op|hier|bij|über|auf|unter|bei|sur|sobre|en|su|:|["“„«'‘|–-])/iu;
/** Calls that a title follows as it is. */
const BEFORE_TITLES =
  /(?:reading|Weiterlesen|lecture de|leyendo|leggere|lendo|czytania|læsning|läsa|lese|lukemista|čtení)$/iu;
const ENDS_IN_ARROW = /(?:[»›→⟶➔▸►…]|>{1,2}|\.{3}|\[\s*…\s*\])\s*(?:[\])]\s*)?$/u;
/** What is left where a text was cut by the program that wrote the feed. */
const CUT = /(?<!\s)\s*(?:\[(?:…|\.{2,3}|&hellip;)\]|\((?:…|\.{2,3})\)|\[\s*\+\s*\d+ chars\])\s*$/;

/** Whether a link or a paragraph only says that there is more: "Read more »", "Lees verder". */
export function isCallToRead(text: string): boolean {
  return text.length < 200 && CALL_ALONE.test(text);
}

/** The same with the title of the item after it: "Continue reading Why payroll fails". */
export function isCallToReadOf(text: string, title: string): boolean {
  if (text.length > 400) return false;
  const rest = CALL_THEN.exec(text)?.[1]?.replace(ARROWS_AT_END, '').replace(QUOTES_AT_END, '');
  return rest !== undefined && rest !== '' && sameWords(rest, title);
}

/** Whether two texts say the same, whatever marks they have; the first may be cut. */
export function sameWords(text: string, other: string): boolean {
  const [one, two] = [wordsAlone(text), wordsAlone(other)];
  return one !== '' && (one === two || (one.length >= 20 && two.startsWith(one)));
}

export function wordsAlone(text: string): string {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  ).join(' ');
}

const MOST_AFTER = 140;

/** The text without what programs put at its end, however much of it there is. */
export function withoutTails(text: string, title?: string): string {
  let rest = text.trim();
  for (let round = 0; round < 5; round++) {
    const before = rest;
    rest = withoutAppeared(rest, title).replace(CUT, '').replace(NOTICE_AT_END, '');
    rest = withoutCall(rest, title).trim();
    if (rest === before) break;
  }
  return rest;
}

function withoutAppeared(text: string, title: string | undefined): string {
  for (const [before, middle, after = ''] of APPEARED) {
    const at = text.lastIndexOf(middle);
    if (at === -1 || text.length - at - middle.length > MOST_AFTER) continue;
    const end = text.slice(at + middle.length).replace(/(?<![\s.。])[\s.。]+$/, '');
    if (after !== '' && !end.endsWith(after)) continue;
    const named = (start: number) => text.slice(start + before.length, at);
    const found = startsOfTail(text, at, before);
    if (before === '' && title !== undefined) found.unshift(...startOfTitle(text.slice(0, at), title));
    const starts = found.filter((start) => title === undefined || mayName(named(start), title));
    // A title may have the beginning of the tail in it: "Vitamin A" in Hungarian.
    const start = starts.find((one) => title !== undefined && sameWords(named(one), title)) ?? starts[0];
    if (start !== undefined) return text.slice(0, start);
  }
  return text;
}

/** Where the sentence with the title may begin, the nearest first. */
function startsOfTail(text: string, at: number, before: string): number[] {
  if (before === '') {
    const last = [...text.slice(0, at).matchAll(SENTENCE_ENDS)].at(-1);
    const start = last === undefined ? 0 : last.index + last[0].length;
    return at - start > MOST_NAMED ? [] : [start];
  }
  const starts: number[] = [];
  for (let start = text.lastIndexOf(before, at - 1); start !== -1; ) {
    if (at - start > MOST_NAMED || starts.length >= 10) break;
    const isWord = /[\s“"«〈:]/.test(text[start + before.length] ?? '') || /\p{Lo}$/u.test(before);
    if (isWord && (start === 0 || /[\s.!?…\]»”")]/.test(text[start - 1]!))) starts.push(start);
    start = start === 0 ? -1 : text.lastIndexOf(before, start - 1);
  }
  return starts;
}

/** Where a tail begins that begins with the title, and its quotation mark. */
function startOfTitle(text: string, title: string): number[] {
  const start = text.lastIndexOf(title);
  if (start === -1) return [];
  return [/["“„«〈《「]/.test(text[start - 1] ?? '') ? start - 1 : start];
}

const MOST_NAMED = 400;
const SENTENCE_ENDS = /[.!?…。！？\]]["”’»)]?\s+|[。！？]/gu;

/** The words between may be the title, or a part of it where it has the end of a sentence in it. */
function mayName(named: string, title: string): boolean {
  const [words, wanted] = [wordsAlone(named), wordsAlone(title)];
  if (words === '' || wanted === '') return true;
  return words.includes(wanted) || wanted.includes(words) || words.slice(0, 20) === wanted.slice(0, 20);
}

function withoutCall(text: string, title: string | undefined): string {
  const tail = text.slice(-260);
  const offset = text.length - tail.length;
  for (const found of tail.matchAll(CALL_IN_TEXT)) {
    const rest = tail.slice(found.index + found[0].length);
    const isEnd = NOTHING_MORE.test(rest);
    const isOfPage = OF_A_PAGE.test(rest) && !/[.!?]\s+\p{Lu}/u.test(rest) && rest.length < 160;
    const named = rest.replace(ARROWS_AT_END, '');
    const isTitle =
      (title !== undefined && sameWords(named, title)) ||
      (rest.length < 160 &&
        (ENDS_IN_ARROW.test(rest) || (BEFORE_TITLES.test(found[0].trim()) && !/[.!?]/.test(rest))));
    if (isEnd || isOfPage || isTitle) return text.slice(0, offset + found.index);
  }
  return text;
}
