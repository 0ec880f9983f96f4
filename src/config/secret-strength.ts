import { counted } from '../domain/text.ts';

/** What a stranger must be unable to try out: below this many bits the key can be found from one link. */
const ENOUGH_BITS = 54;
const FEWEST_DIFFERENT = 6;
const SHORTEST = 16;

/** Words that stand where a key was to be put, and what people type when they are asked for one. */
const EMPTY_WORDS =
  /^(?:change|changeme|changethis|replace|replaceme|secret|secrets|key|keys|password|passwort|wachtwoord|geheim|passw|pass|admin|root|simmer|test|tests|testing|example|sample|demo|default|todo|your|here|please|insert|enter|random|string|value|long|enough|token|signing|foo|bar|baz|abc|xyz|qwe|asd|zxc|yxc|letmein|welcome|hello|monkey|dragon|iloveyou|lorem|ipsum|openssl|rand|hex|base|production|prod|dev|development|local|staging)$/;
const SMALL_WORDS =
  /^(?:the|and|of|a|an|to|in|is|it|my|our|this|that|for|only|with|not|we|you|be|at|on|or|all|i|de|het|een|en|van|der|die|das|und|ein|ist|ich)$/;
/** Pairs that half of all text in our three languages is made of; in random letters they are one in twelve. */
const PAIRS = new Set(
  'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce ch ei ie ge be un sc ss ll el la li om si us et ec'.split(
    ' ',
  ),
);
const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  '`1234567890-=',
  'qwertyuiop[]asdfghjkl;zxcvbnm,./',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
];

/**
 * Why a key can be guessed, as what was found without the key itself ("one character again and again"); null when it cannot. It
 * counts bits the way a guesser does: what repeats, goes on in a row or is a word costs few tries.
 */
export function weaknessOf(key: string): string | null {
  if (key.length < SHORTEST) return counted(key.length, 'character');
  if (/[$%]\(|\$\{|openssl\s+rand|[<>]/.test(key)) return 'a command or placeholder instead of its result';
  const different = new Set(key.toLowerCase()).size;
  if (different === 1) return 'one character again and again';
  if (different < FEWEST_DIFFERENT) return `only ${different} different characters`;
  const found = withoutEasyParts(inWords(key));
  if (bitsOf(found.rest) >= ENOUGH_BITS) return null;
  if (found.repeated >= key.length / 2) return 'a few characters or words again and again';
  return found.inRows >= key.length / 2
    ? 'characters in a row, as in the alphabet or on a keyboard'
    : 'a few words that are easily guessed';
}

/** "LampOvenTiger" is three words. */
const inWords = (key: string): string =>
  /^(?:[A-Z][a-z]{2,12}){2,20}$/.test(key) ? key.replace(/\B(?=[A-Z])/g, ' ') : key;

const REPEAT = '\n';
const ROW = '\r';
/** Of three characters some repeat, or lie side by side, by chance. */
const TELLING = 4;

/** The key with one sign for each piece that stood before (in capitals or not) or that goes on in a row. */
function withoutEasyParts(key: string): { rest: string; repeated: number; inRows: number } {
  const text = key.toLowerCase();
  const found = { rest: '', repeated: 0, inRows: 0 };
  let at = 0;
  while (at < text.length) {
    let length = 0;
    while (at + length < text.length && text.slice(0, at).includes(text.slice(at, at + length + 1)))
      length += 1;
    const row = rowLength(text, at);
    if (length >= TELLING && length >= row) {
      found.rest += REPEAT;
      found.repeated += length;
      at += length;
    } else if (row >= TELLING) {
      found.rest += ROW;
      found.inRows += row;
      at += row;
    } else {
      found.rest += key[at];
      at += 1;
    }
  }
  return found;
}

function rowLength(text: string, from: number): number {
  const lengths = ROWS.map((row) => {
    let at = from + 1;
    while (at < text.length && isBeside(row, text[at - 1]!, text[at]!)) at += 1;
    return at - from;
  });
  return Math.max(...lengths);
}

function isBeside(row: string, one: string, next: string): boolean {
  const [a, b] = [row.indexOf(one), row.indexOf(next)];
  return a >= 0 && b >= 0 && Math.abs(a - b) <= 1;
}

const EASY_BITS: Record<string, number> = { [REPEAT]: 2, [ROW]: 8 };

function bitsOf(rest: string): number {
  // Hex, and a UUID, which is hex with dashes.
  const isHex = /^[\da-f\n\r-]+$/i.test(rest);
  const seen = new Set<string>();
  const all = isHex ? [...rest.replaceAll('-', '')] : rest.split(/([A-Za-z]+)|([\n\r])/);
  return all.reduce((bits, part = '') => {
    if (part in EASY_BITS) return bits + EASY_BITS[part]!;
    if (isHex) return bits + 4;
    if (/^[a-z]/i.test(part)) return bits + bitsOfLetters(part, seen);
    return bits + part.length * (/^\d+$/.test(part) ? 3.3 : 4);
  }, 0);
}

function bitsOfLetters(letters: string, seen: Set<string>): number {
  const random = letters.length * (/[a-z]/.test(letters) && /[A-Z]/.test(letters) ? 5.5 : 4.7);
  const word = letters.toLowerCase();
  // Random letters are large and small as it comes.
  if (!/^(?:[A-Z]?[a-z]*|[A-Z]+)$/.test(letters)) return random;
  if (EMPTY_WORDS.test(word) || seen.has(word)) return 2;
  seen.add(word);
  if (SMALL_WORDS.test(word)) return Math.min(random, 6);
  if (word.length < 3) return random;
  const pairs = [...word].slice(1).filter((letter, at) => PAIRS.has(word[at] + letter)).length;
  const isWord = pairs / (word.length - 1) >= 0.25;
  return isWord ? Math.min(random, Math.max(word.length > 3 ? 12 : 11, word.length * 2)) : random;
}

/** What to do about a weak key, so that no link in a mail stops working. */
export const CHANGE_KEY =
  'put a new key in front and keep the old one behind a comma, so that links already mailed still work: SECRET_KEY=NEW,OLD; make NEW with: openssl rand -hex 32';

/** Keys behind the first only verify: a weak one there is worth a word, and stops nothing. */
export function weakFormerKeys(secrets: readonly string[]): string | null {
  const weak = secrets.slice(1).filter((key) => weaknessOf(key) !== null).length;
  return weak === 0
    ? null
    : `${weak === 1 ? 'a former key is' : `${weak} former keys are`} weak: as long as it is in the list, links can be forged with it`;
}
