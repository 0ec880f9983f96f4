import { cut } from '../text.ts';
import { SENTENCE_WORDS } from './sentence-words.ts';
import { hasWebAddress } from './web-address.ts';

/** Why a text is no name of a person. */
export type NameFault = 'has-link' | 'not-a-name';

/** What stands between the letters of names, in all the scripts: apostrophes, hyphens, dots, commas, "&", brackets. */
const SIGNS = /^[\p{L}\p{M}\p{Nl}\p{Nd} '’‘ʼ`´′\p{Pd}＝.,&()"“”„«»·‧•・･׳״་]+$/u;
/** "S:son", "Kajsa S:t Clair": in Swedish a colon stands for what is left out. */
const SWEDISH_COLON = /(?<=(?:^| )\p{Lu}):(?=\p{Ll})/gu;
/** Of what was typed: many times the longest name. */
const LONGEST_LOOKED_AT = 1000;
/** Turns around what is read: no keyboard makes it, and it hides what stands there. */
const OVERRIDE = /[\u202d\u202e]/;
const UNSEEN = /\p{Cf}+/gu;
/** "X Æ A-12" and "John Smith 3rd" have two at most; more is a year, a price or a telephone number. */
const MOST_DIGITS = 3;
const MOST_WORDS = 10;
const LONGEST_WORD = 40;

/**
 * Whether a text, on one line, can be somebody's name. `typed` is the same as it came, with what nobody sees. A name goes
 * into a mail to an address nobody has confirmed yet: else the form would be a way to send strangers an advertisement.
 */
export function nameFault(name: string, typed = name): NameFault | null {
  const unhidden = cut(typed, LONGEST_LOOKED_AT).replace(UNSEEN, '');
  if ([name, unhidden].some(hasWebAddress)) return 'has-link';
  if (OVERRIDE.test(typed) || !SIGNS.test(name.replace(SWEDISH_COLON, ''))) return 'not-a-name';
  const digits = name.match(/\p{Nd}/gu)?.length ?? 0;
  if (digits > MOST_DIGITS || !/\p{L}/u.test(name)) return 'not-a-name';
  const words = name.split(/[ ,.&()]+/).filter((word) => word !== '');
  if (words.length > MOST_WORDS || words.some((word) => [...word].length > LONGEST_WORD)) return 'not-a-name';
  return isSentence(name) || isSentence(unhidden) ? 'not-a-name' : null;
}

/** Also in capitals, in letters from a mathematical alphabet, with hyphens or dots for spaces. */
function isSentence(name: string): boolean {
  const plain = name.normalize('NFKC').toLowerCase();
  const words = plain.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => SENTENCE_WORDS.has(word));
  return new Set(words).size > 1;
}

/** In front of a name, and no part of it. */
const TITLES = new Set(
  `dr prof professor doctor mr mrs ms miss mx sir madam dame lord lady rev st ir drs ing mag dipl med phil jur rer nat hc
   herr frau fräulein dhr mevr mw heer mevrouw de-heer m mme mlle monsieur madame sr sra srta don doña dott avv jhr`
    .trim()
    .split(/\s+/),
);
/** Where a family's name begins: who wrote no first name is not greeted by one. */
const PARTICLES = new Set(
  `van von vom vander de del della der den des di da do dos das du d la le les lo las los ter ten te 't zu zum zur af av
   al el bin ibn ben bint mac mc san santa o`
    .trim()
    .split(/\s+/),
);
const LONGEST_GREETED = 24;

/**
 * The first name alone, to greet somebody with whose address is not confirmed: the less a mail to a stranger holds of what
 * was typed, the less it is worth to whoever typed it. Null when no first name can be told from the rest.
 */
export function firstNameOf(name: string | null): string | null {
  if (name === null || nameFault(name) !== null) return null;
  // "Jansen, Anna": behind the comma, unless that is an addition ("Anna Jansen, MBA").
  const [before = '', behind = ''] = name.split(',').map((part) => part.trim());
  if (/[&()"“”„«»]/.test(name)) return null;
  const words = (behind !== '' && !before.includes(' ') ? behind : before).split(/\s+/);
  const titled = words.findIndex((word) => !TITLES.has(word.toLowerCase().replace(/\./g, '')));
  const [first = '', ...others] = titled < 0 ? [] : words.slice(titled);
  if (titled > 0 && others.length === 0) return null;
  if (PARTICLES.has(first.toLowerCase()) || [...first].length > LONGEST_GREETED) return null;
  return /^[\p{L}\p{M}]+(?:['’‘ʼ`´·・\p{Pd}][\p{L}\p{M}]+)*$/u.test(first) ? first : null;
}
