import { PLACE, type Texts } from '../../src/adapters/templates/texts.ts';
import { dateLocale } from '../../src/domain/locale.ts';

/** What a page says that is no text of ours: names, addresses, what the seed put in. Whole strings. */
export type Data = readonly (string | RegExp | ((said: string) => boolean))[];

const EDGES = /^[\s\p{P}\p{S}]+|[\s\p{P}\p{S}]+$/gu;
/** What stands between texts and data that are shown side by side; tried one after the other. */
const SEPARATORS = [
  /\s[·|→/]\s/u,
  /\s[–—]\s/u,
  /[.?!…]\s+/u,
  /:\s+/u,
  /;\s+/u,
  /\s?[()]/u,
  /,\s+/u,
  /\s?[“”„«»]\s?/u,
];
const DEEPEST = 8;
const PLACED = '(.+?)';

/**
 * Tells whether a text is said in a language: it is one of its texts with their places filled, a number or date as Intl
 * writes it there, a country or language by its name there, or data; or several of these side by side.
 */
export function localeReader(language: string, texts: Texts, data: Data): (text: string) => boolean {
  const whole = new Set([...texts.values()].map(bare));
  const alone = [...texts.values()]
    .flatMap((text) => patternOf(text) ?? [])
    .map((one) => new RegExp(`^${one}$`, 'su'));
  // A text that another follows in the same breath: "Hello Anna, thank you for …".
  const first = [...texts.values()]
    .flatMap((text) => patternOf(text, true) ?? [])
    .map((one) => new RegExp(`^${one}[\\s\\p{P}]*\\s(.+)$`, 'su'));
  const names = namesOf(language);
  const dateWords = dateWordsOf(language);
  const known = new Map<string, boolean>();

  const isSaid = (text: string, depth = 0): boolean => {
    const said = bare(text);
    const before = known.get(said);
    if (before !== undefined) return before;
    if (depth > DEEPEST) return false;
    // A text cannot be the proof of itself.
    known.set(said, false);
    const found =
      isOne(said) ||
      isFilled(alone, said, depth) ||
      // What fills the last place may be a dash, for a number that is not there.
      isFilled(alone, text.replace(/\s+/g, ' ').trim(), depth) ||
      isSeveral(said, depth) ||
      isFilled(first, said, depth);
    if (found) known.set(said, true);
    else known.delete(said);
    return found;
  };
  const isOne = (said: string) =>
    !/\p{L}/u.test(said) ||
    whole.has(said) ||
    names.has(said.toLowerCase()) ||
    isAddress(said) ||
    data.some((one) => (typeof one === 'string' ? bare(one) === said : isData(one, said))) ||
    (/\d/.test(said) && wordsOf(said).every((word) => dateWords.has(word)));
  const isFilled = (list: readonly RegExp[], said: string, depth: number) =>
    list.some((pattern) => {
      const [found, ...values] = pattern.exec(said) ?? [];
      return found !== undefined && values.every((value) => value === undefined || isSaid(value, depth + 1));
    });
  const isSeveral = (said: string, depth: number) => {
    for (const separator of SEPARATORS) {
      const parts = said.split(separator).filter((part) => part.trim() !== '');
      if (parts.length > 1 && parts.every((part) => isSaid(part, depth + 1))) return true;
    }
    const [, ...beside] =
      /^([+−-]?\d[\d.,\s%]*)\s(\p{L}.*)$/u.exec(said) ?? /^(\p{L}\D*)\s(\d.*)$/u.exec(said) ?? [];
    return beside.length > 0 && beside.every((part) => isSaid(part, depth + 1));
  };
  return (text) => isSaid(text);
}

const isData = (one: RegExp | ((said: string) => boolean), said: string) =>
  typeof one === 'function' ? one(said) : one.test(said);

/** One kind of space, and nothing but words at both ends. */
function bare(text: string): string {
  return text.replace(/\s+/g, ' ').replace(EDGES, '');
}

/** Matches the text whatever fills its places. Null for one that is nearly all place: it would match anything. */
function patternOf(text: string, withEnd = false): string | null {
  const forms = [...text.matchAll(PLACE)].map(([, , bars = '']) => bars.replace(/[#|]/g, ''));
  if (!/\p{L}{2}/u.test([text.replace(PLACE, ''), ...forms].join(' '))) return null;
  const start = text.replace(/\s+/g, ' ').replace(/^[^\p{L}\d{]+/u, '');
  const core = withEnd ? start.trim() : start.replace(/[^\p{L}\d}]+$/u, '');
  let pattern = '';
  let end = 0;
  for (const place of core.matchAll(PLACE)) {
    const alternatives = (place[2] ?? '').split('|').slice(1);
    pattern += literal(core.slice(end, place.index));
    pattern +=
      alternatives.length === 0
        ? PLACED
        : `(?:${alternatives.map((form) => form.split('#').map(literal).join(PLACED)).join('|')})`;
    end = place.index + place[0].length;
  }
  return pattern + literal(core.slice(end));
}

const literal = (part: string) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\s+/g, '\\s+');

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}.’']+/gu) ?? [];

const isAddress = (text: string) =>
  /^[^\s@]+@[^\s@]+$/.test(text) || /^(https?:\/\/|\/)\S+$/.test(text) || /^[\w-]+(\.[\w-]+)+$/.test(text);

function namesOf(language: string): Set<string> {
  const regions = new Intl.DisplayNames([language], { type: 'region' });
  const languages = new Intl.DisplayNames([language], { type: 'language' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  return new Set(
    [
      ...letters.flatMap((a) => letters.map((b) => regions.of(a + b) ?? '')),
      // Africa, America, Asia, Europe, by their numbers.
      ...['002', '019', '142', '150'].map((id) => regions.of(id) ?? ''),
      ...['en', 'nl', 'de', 'fr'].map((id) => languages.of(id) ?? ''),
      ...Intl.supportedValuesOf('timeZone').flatMap((zone) => {
        const name = zone.replaceAll('_', ' ');
        const place = name.slice(name.indexOf('/') + 1);
        return [zone, name, place, place.replaceAll('/', ', ')];
      }),
    ].map((name) => bare(name).toLowerCase()),
  );
}

/** Every word that dates, times and amounts hold in a language. */
function dateWordsOf(language: string): Set<string> {
  const locale = dateLocale(language);
  const days = Array.from({ length: 366 }, (_, day) => new Date(Date.UTC(2024, 0, 1 + day, 13)));
  const styles: Intl.DateTimeFormatOptions[] = [
    { dateStyle: 'full', timeStyle: 'short' },
    { dateStyle: 'long', timeStyle: 'long', timeZone: 'Europe/Amsterdam' },
    { dateStyle: 'medium', timeStyle: 'short' },
    { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' },
    { month: 'long', year: 'numeric' },
    { month: 'short', year: 'numeric' },
    { weekday: 'short', day: 'numeric', month: 'short' },
    { weekday: 'long', day: 'numeric', month: 'long' },
  ];
  const dates = styles.flatMap((style) => {
    const format = new Intl.DateTimeFormat(locale, style);
    return days.map((day) => format.format(day));
  });
  const units = ['second', 'minute', 'hour', 'day', 'week', 'month', 'byte', 'kilobyte', 'megabyte'].flatMap(
    (unit) =>
      (['short', 'long'] as const).flatMap((unitDisplay) =>
        [1, 2, 5].map((n) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(n)),
      ),
  );
  return new Set([...dates, ...units].flatMap(wordsOf).flatMap((word) => [word, word.replace(/\.$/, '')]));
}
