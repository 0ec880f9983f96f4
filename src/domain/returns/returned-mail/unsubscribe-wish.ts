import { withoutAnswerMark } from './answer-mark.ts';
import { foldWords } from './fold-words.ts';
import {
  NO_INTEREST,
  POLITE,
  UNSPACED_AROUND,
  UNSPACED_WISHES,
  WISH_LANGUAGES,
  type WishLanguage,
} from './wish-languages.ts';

/** Who wants no more mails says so in a few words; what is longer is about something else. */
const MOST_WORDS = 60;
const MOST_LETTERS = 600;
/** Of which a text is looked at. */
const LONGEST = 2_000;

/**
 * What a sentence says: a wish that says it all whatever stands beside it ("remove me from your list"), one that fills its
 * sentence ("remove me"), one by a word alone that counts at
 * the beginning ("unsubscribe!") or only where nothing else is said ("stop"), a greeting or thanks, or something else.
 */
type Says = 'full wish' | 'wish' | 'word' | 'weak word' | 'polite' | 'else';

/**
 * Whether a mail of a person is a wish to get no more mails, and nothing but that: its subject, unless it answers one (then
 * it is ours), or what the person wrote. `text` is that alone: see `ownWords`.
 */
export function wishesToUnsubscribe(subject: string, text: string): boolean {
  const body = sentencesOf(text.slice(0, LONGEST)).map(saysOf);
  const isEmpty = body.every((says) => says === 'polite');
  if (isWishAltogether(body, text)) return true;
  const { own, isAnswer } = withoutAnswerMark(subject);
  const heading = sentencesOf(own).map(saysOf);
  if (!heading.every(isOfWish) || heading.every((says) => says === 'polite')) return false;
  // Our own subjects are titles of articles: where one is answered, only who adds nothing to a plain wish can mean it.
  return isEmpty || (!isAnswer && heading.some((says) => says.endsWith('wish') || says === 'word'));
}

function isWishAltogether(says: readonly Says[], text: string): boolean {
  if (isTooLong(text) || !says.some(isWishing)) return false;
  if (says.includes('wish') || says.includes('full wish')) return true;
  const spoken = says.filter((one) => one !== 'polite');
  if (spoken.slice(0, 2).includes('word')) return true;
  // A word that says other things too must stand alone; below it there may be a name.
  return (
    says.every(isOfWish) || (says.slice(0, -1).every(isOfWish) && spoken.length > 1 && isName(lastLine(text)))
  );
}

const isWishing = (says: Says): boolean => says !== 'else' && says !== 'polite';
const isClear = (says: Says): boolean => isWishing(says) && says !== 'weak word';
const isOfWish = (says: Says): boolean => says !== 'else';

function isTooLong(text: string): boolean {
  return text.length > MOST_LETTERS || text.split(/\s+/).length > MOST_WORDS;
}

/** Sentences; a line end is none where the line is full or the next goes on in small letters. */
function sentencesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  let joined = '';
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1];
    const goesOn = before !== undefined && (before.length > 55 || /^\s*\p{Ll}/u.test(line));
    joined += `${before === undefined ? '' : goesOn ? ' ' : '\n'}${line.trim()}`;
  }
  return joined
    .replace(/\S{1,64}@[\w.-]{3,255}/g, ' name ')
    .split(/(?<=[.!?…])\s+|(?<=[。！？])|\n/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** By its clauses: one that is something else makes the sentence that, beside all but a full wish. A question is a wish if it asks us for it. */
function saysOf(sentence: string): Says {
  const isQuestion = /[?？]/.test(sentence);
  const clauses = sentence
    .split(/[,;:、，；：]+|\s[-–—]+\s/)
    .map((clause) => clause.trim())
    .filter((clause) => /[\p{L}\p{N}]/u.test(clause));
  const said = clauses.map((clause) => saysClause(clause, isQuestion));
  // Whose wish it is: "Unsubscribe please - Anna Berg".
  if (said.length > 1 && isName(clauses.at(-1)!) && said.slice(0, -1).some(isClear)) said.pop();
  for (const says of ['full wish', 'else', 'wish', 'word', 'weak word', 'polite'] as const)
    if (said.includes(says)) return says;
  return 'polite';
}

const LETTERS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Thai}]/u;

function saysClause(clause: string, isQuestion: boolean): Says {
  const folded = foldWords(clause);
  if (LETTERS.test(folded)) return saysUnspaced(folded.replace(/[^\p{L}\p{M}\p{N}]/gu, ''));
  const words = folded
    .replace(/(?<=\b\p{L})\.(?=\p{L}\b)/gu, '')
    .replace(/\bdo not\b/g, 'dont')
    .replace(/\bno (?:more|further)\b/g, 'nomore')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
  if (words.length > 20) return 'else';
  if (words.every((word) => POLITE.has(word)) || isGreeting(words) || NO_INTEREST.has(words.join(' ')))
    return 'polite';
  const said = WISH_LANGUAGES.map((language) => saysIn(language, words, isQuestion));
  if (isQuestion)
    return words.length > 2 && said.some((says) => says.endsWith('wish') || says === 'word')
      ? 'wish'
      : 'else';
  for (const says of ['full wish', 'wish', 'word', 'weak word'] as const)
    if (said.includes(says)) return says;
  return 'else';
}

const GREETINGS = new Set(
  'hi hello hey dear hallo beste geachte liebe lieber liebes moin bonjour cher chere hola estimado estimada ola prezado prezada ciao gentile caro cara witam hej hei ahoj dobry merhaba sayin buna stimata'.split(
    ' ',
  ),
);

/** "Hello Anna", "Beste Nordwerk redactie". */
const isGreeting = (words: string[]): boolean => words.length <= 4 && GREETINGS.has(words[0]!);

function saysIn(language: WishLanguage, words: string[], isQuestion: boolean): Says {
  if (!words.every((word) => language.all.has(word) || POLITE.has(word))) return 'else';
  const has = (list: ReadonlySet<string>) => words.some((word) => list.has(word));
  const pairs = language.pairs.filter(({ words: both }) => both.every((word) => words.includes(word)));
  const isClear = has(language.clear) || pairs.some((pair) => pair.isClear);
  const isWeak = has(language.weak) || pairs.length > 0;
  if (has(language.no)) return isClear || isWeak || isQuestion ? 'else' : refusesMail(language, words, has);
  if (!isClear && !isWeak) return 'else';
  if (has(language.mail) || (isClear && has(language.reader))) return 'full wish';
  if (has(language.reader)) return 'wish';
  return isClear ? 'word' : 'weak word';
}

/** "I want no more mails", "Do not send me anything": but not "I do not get your mails". */
function refusesMail(
  language: WishLanguage,
  words: string[],
  has: (list: ReadonlySet<string>) => boolean,
): Says {
  const first = words.find((word) => !POLITE.has(word)) ?? '';
  const isOrder =
    language.send.has(first) ||
    (first !== 'not' &&
      language.no.has(first) &&
      (has(language.send) || has(language.mail)) &&
      !has(language.get));
  if (!isOrder && !has(language.want)) return 'else';
  return has(language.mail) || has(language.send) ? 'wish' : 'else';
}

/** Put together of wishes and what may stand around them, the longest first. */
function saysUnspaced(text: string): Says {
  let isWish = false;
  for (let at = 0; at < text.length; ) {
    const wish = UNSPACED_WISHES.find((word) => text.startsWith(word, at));
    const around = UNSPACED_AROUND.find((word) => text.startsWith(word, at));
    if (wish === undefined && around === undefined) return 'else';
    const takesWish = wish !== undefined && wish.length >= (around?.length ?? 0);
    isWish ||= takesWish;
    at += (takesWish ? wish : around!).length;
  }
  return isWish ? 'wish' : 'polite';
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)!.trim();
}

/** One to three words with a capital letter each. */
function isName(line: string): boolean {
  return /^\p{Lu}[\p{L}.'-]{0,30}(?: \p{Lu}[\p{L}.'-]{0,30}){0,2}$/u.test(line);
}
