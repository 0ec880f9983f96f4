import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { directionOf } from '../../domain/locale.ts';
import type { PageRenderer } from '../../journey/ports.ts';
import { makeHandlebars } from './handlebars.ts';
import type { Texts } from './texts.ts';

/**
 * Compiles every page once. Files in layouts/ and partials/ are partials under that path; a page wraps itself in a
 * layout with {{#> layouts/subscriber title=(t "…")}} … {{/layouts/subscriber}}. `shared` (brand …) is seen by all.
 */
export function loadPages(folder: string, languages: Map<string, Texts>, shared: object): PageRenderer {
  const handlebars = makeHandlebars(languages);
  const pages = new Map<string, HandlebarsTemplateDelegate>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.hbs')) continue;
    const name = relative('.', file).replaceAll('\\', '/').slice(0, -'.hbs'.length);
    const source = readFileSync(join(folder, file), 'utf8');
    if (/^(layouts|partials)\//.test(name)) handlebars.registerPartial(name, source);
    else pages.set(name, handlebars.compile(source, { strict: false, preventIndent: true }));
  }
  return (page, language, data) => {
    const template = pages.get(page);
    if (!template) throw new Error(`there is no page template "${page}" in ${folder}`);
    return template({ ...shared, ...data, language, dir: directionOf(language) });
  };
}
