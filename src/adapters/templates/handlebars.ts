import Handlebars from 'handlebars';
import { dateLocale } from '../../domain/locale.ts';
import { actorOf } from '../../domain/staff/actor.ts';
import { say, type Texts } from './texts.ts';

/**
 * A Handlebars of our own with the helpers all templates share. Templates see `language` at the root, and call
 * {{t "pages.signUp.title" name=brand.name}} for every word a person reads.
 */
export function makeHandlebars(languages: Map<string, Texts>): typeof Handlebars {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('t', (key: string, options: Handlebars.HelperOptions) => {
    const language = String(options.data.root.language);
    const texts = languages.get(language);
    if (!texts) throw new Error(`there are no texts for language "${language}"`);
    return say(texts, key, options.hash, language);
  });
  /** {{who staffEmail}}: an address, or in words where else it came from (domain/staff/actor.ts). */
  handlebars.registerHelper('who', (kept: string, options: Handlebars.HelperOptions) => {
    const { door, name } = actorOf(kept);
    if (door === 'staff') return name;
    const texts = languages.get(String(options.data.root.language));
    return texts ? say(texts, `common.who.${door}`, { name: name || '–' }) : name;
  });
  handlebars.registerHelper('eq', (a: unknown, b: unknown) => a === b);
  /** The first that is something, so that it can also stand in for a text. */
  handlebars.registerHelper('or', (...args: unknown[]) => args.slice(0, -1).find(Boolean) ?? false);
  handlebars.registerHelper('and', (...args: unknown[]) => args.slice(0, -1).every(Boolean));
  handlebars.registerHelper('list', (...args: unknown[]) => args.slice(0, -1));
  handlebars.registerHelper('gt', (a: number, b: number) => a > b);
  /** {{number 12345}} → "12,345", as the page's language writes it; with unit="kilobyte" (of Intl) "12.3 kB". */
  handlebars.registerHelper('number', (value: number, options: Handlebars.HelperOptions) => {
    const { unit } = options.hash as { unit?: string };
    return new Intl.NumberFormat(
      dateLocale(String(options.data.root.language)),
      unit ? { style: 'unit', unit } : {},
    ).format(value);
  });
  handlebars.registerHelper('not', (value: unknown) => !value);
  handlebars.registerHelper('concat', (...args: unknown[]) => args.slice(0, -1).join(''));
  handlebars.registerHelper(
    'includes',
    (list: unknown, item: unknown) => Array.isArray(list) && list.includes(item),
  );
  /** {{date at}} → "21 November 2026"; style="time" adds the hour, style="weekday" the day of the week. Zone: `timeZone` at the root, else UTC. */
  handlebars.registerHelper('date', (at: Date | string, options: Handlebars.HelperOptions) => {
    const { language, timeZone } = options.data.root as { language: string; timeZone?: string };
    const styles = {
      time: { dateStyle: 'medium', timeStyle: 'short' },
      weekday: { dateStyle: 'full' },
    } as const;
    const style = styles[options.hash.style as keyof typeof styles] ?? { dateStyle: 'long' };
    return new Intl.DateTimeFormat(dateLocale(language), { ...style, timeZone: timeZone ?? 'UTC' }).format(
      new Date(at),
    );
  });
  return handlebars;
}
