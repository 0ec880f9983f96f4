import { dateLocale } from '../../domain/locale.ts';

/** The plural rules of one language (CLDR, by Intl), and how it writes numbers, which texts get written already. */
interface Plurals {
  rules: Intl.PluralRules;
  /** In CLDR's order: the order of the forms in {n|# person|# people}. */
  categories: readonly Intl.LDMLPluralRule[];
  group: string;
  decimal: string;
}

const ORDER = ['zero', 'one', 'two', 'few', 'many', 'other'] as const;
const known = new Map<string, Plurals>();

/**
 * The forms a text has in a language: those that whole numbers below a thousand take, in CLDR's order. English, Dutch,
 * German and French have two ("one", "other"), Polish three ("one", "few", "many"), Arabic six, Japanese one.
 */
export function pluralCategories(language: string): readonly Intl.LDMLPluralRule[] {
  return pluralsOf(language).categories;
}

/** The form that goes with a number, which may be written as the language writes it: 1, "1.200", "+3,1". Else the last. */
export function pluralForm(language: string, value: unknown, forms: readonly string[]): string {
  const { rules, categories } = pluralsOf(language);
  const place = categories.indexOf(rules.select(numberIn(language, value)));
  return forms[place] ?? forms.at(-1) ?? '';
}

function numberIn(language: string, value: unknown): number {
  if (typeof value === 'number') return value;
  const { group, decimal } = pluralsOf(language);
  const bare = String(value)
    .replaceAll(group, '')
    .replace(decimal, '.')
    .replaceAll(/[\s\u200e\u200f+]/g, '');
  return Number(bare.replace(/^[−‐]/, '-'));
}

function pluralsOf(language: string): Plurals {
  const found = known.get(language);
  if (found) return found;
  const locale = dateLocale(language);
  const rules = new Intl.PluralRules(locale);
  const taken = new Set(Array.from({ length: 1000 }, (_, number) => rules.select(number)));
  const parts = new Intl.NumberFormat(locale).formatToParts(-12_345_678.9);
  const sign = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  const plurals = {
    rules,
    categories: ORDER.filter((category) => taken.has(category)),
    group: sign('group'),
    decimal: sign('decimal'),
  };
  known.set(language, plurals);
  return plurals;
}
