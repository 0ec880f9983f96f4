import type Handlebars from 'handlebars';
import type { Rhythm } from '../../domain/delivery/mails.ts';
import { makeHandlebars } from '../templates/handlebars.ts';
import { say, type Texts } from '../templates/texts.ts';

type Options = Handlebars.HelperOptions;

/** The shared helpers, and those only mails have. In mails `t` is stricter: an unfilled place is an error. */
export function mailHandlebars(languages: Map<string, Texts>): typeof Handlebars {
  const handlebars = makeHandlebars(languages);
  const textsOf = (options: Options) => {
    const language = String(options.data.root.language);
    const texts = languages.get(language);
    if (!texts) throw new Error(`there are no texts for language "${language}" in templates/locales`);
    return { language, texts };
  };
  handlebars.registerHelper('t', (key: string, options: Options) =>
    sayWhole(textsOf(options).texts, key, options.hash),
  );
  /** {{href x}}: an address in an attribute. Handlebars' own escaping would also turn every "=" into an entity. */
  handlebars.registerHelper('href', (address: unknown) => new handlebars.SafeString(webAddress(address)));
  /** {{dial x}}: what follows "tel:". */
  handlebars.registerHelper('dial', (number: string) => number.replace(/(?!^\+)[^\d]/g, ''));
  /** {{signed 8}} → "+8"; a true minus sign for the others. */
  handlebars.registerHelper('signed', (points: number) => (points < 0 ? `−${-points}` : `+${points}`));
  /** {{often r}}: "every two weeks on Tuesday". */
  handlebars.registerHelper('often', (rhythm: Rhythm, options: Options) => {
    const { language, texts } = textsOf(options);
    return rhythmInWords(rhythm, language, texts);
  });
  return handlebars;
}

/** Like `say`, and an error when a place is left over or would be filled with nothing. */
export function sayWhole(texts: Texts, key: string, values: Record<string, unknown>): string {
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) throw new Error(`text "${key}" got nothing for {${name}}`);
  }
  const needed = [...(texts.get(key) ?? '').matchAll(/\{(\w+)\}/g)].map((place) => place[1]!);
  const lacking = needed.filter((name) => !(name in values));
  if (lacking.length > 0) throw new Error(`text "${key}" has {${lacking.join('}, {')}}, which nothing fills`);
  return say(texts, key, values);
}

function rhythmInWords(rhythm: Rhythm, language: string, texts: Texts): string {
  const exact = `mails.rhythm.${rhythm.unit}.${rhythm.every}`;
  const often = texts.has(exact)
    ? sayWhole(texts, exact, {})
    : sayWhole(texts, `mails.rhythm.${rhythm.unit}.many`, { count: rhythm.every });
  if (rhythm.unit === 'days' || rhythm.weekdays.length === 0) return often;
  // 2024-01-01 was a Monday, so day n of that month is ISO weekday n.
  const weekday = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  const days = rhythm.weekdays.map((day) => weekday.format(new Date(Date.UTC(2024, 0, day))));
  return sayWhole(texts, 'mails.rhythm.on', { often, days: new Intl.ListFormat(language).format(days) });
}

function webAddress(address: unknown): string {
  if (typeof address !== 'string' || !/^https?:\/\/[^\s/]/i.test(address)) {
    throw new Error(`${typeof address === 'string' ? JSON.stringify(address) : String(address)} is no web address, so it cannot be linked in a mail`);
  }
  const entities: Record<string, string> = {
    '&': '&amp;',
    '"': '&quot;',
    "'": '&#39;',
    '<': '&lt;',
    '>': '&gt;',
  };
  return address.replace(/[&"'<>]/g, (sign) => entities[sign]!).replace(/\s/g, encodeURIComponent);
}
