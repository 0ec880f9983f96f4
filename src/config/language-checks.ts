import { nearMiss, type Problem, places, show } from './problem.ts';
import { type Fields, isRecord, list, record, words } from './untyped.ts';

interface Found {
  problems: Problem[];
  warnings: Problem[];
}

interface LocalTextAt {
  path: string;
  /** What it has a text in. */
  languages: string[];
}

/**
 * What the programme says by language, beside the languages it has. A language that was taken off the list, or put on it,
 * is one thing to say, not one for each of its texts. Nothing here throws.
 */
export function languageChecks(programme: Fields): Found {
  const languages = words(programme.languages);
  // That there are none is said already.
  if (languages.length === 0) return { problems: [], warnings: [] };
  const texts = localTexts(programme);
  const users = [...feedLanguages(programme), ...handOutLanguages(programme)].filter(
    ({ language }) => !languages.includes(language),
  );
  const slips = slipsOf(texts, languages);
  const dropped = [...new Set(texts.flatMap((text) => text.languages))].filter(
    (language) => !languages.includes(language) && !slips.has(language),
  );
  const given = programme.defaultLanguage;
  return {
    problems: [
      ...languages.flatMap((language) => missing(texts, language, slips)),
      ...users
        .filter(({ language }) => !dropped.includes(language))
        .map(({ path, language }) => unknownLanguage(path, language, languages)),
      ...(typeof given === 'string' && !languages.includes(given)
        ? [unknownLanguage('defaultLanguage', given, languages)]
        : []),
    ],
    warnings: dropped.map((language) => ({
      path: 'languages',
      found: `"${language}" at ${places([
        ...texts.filter((text) => text.languages.includes(language)).map(({ path }) => `${path}.${language}`),
        ...users.filter((user) => user.language === language).map(({ path }) => path),
      ])}`,
      allowed: `"${language}" among the languages too, or nothing in it: as it is, its readers get mail in ${show(given)}`,
    })),
  };
}

/** A text that lacks a language and has one in a language that nothing else is in: a slip of the hand. */
function slipsOf(texts: readonly LocalTextAt[], languages: readonly string[]): Map<string, LocalTextAt> {
  const found = new Map<string, LocalTextAt>();
  const isWhole = (text: LocalTextAt) => languages.every((language) => text.languages.includes(language));
  for (const language of new Set(texts.flatMap((text) => text.languages))) {
    const [only, ...others] = texts.filter((text) => text.languages.includes(language));
    if (only && others.length === 0 && !languages.includes(language) && !isWhole(only))
      found.set(language, only);
  }
  return found;
}

function missing(
  texts: readonly LocalTextAt[],
  language: string,
  slips: ReadonlyMap<string, LocalTextAt>,
): Problem[] {
  const without = texts.filter((text) => !text.languages.includes(language));
  const [first, ...others] = without;
  if (!first) return [];
  if (others.length > 0) {
    const found = `"${language}", and no text in it at ${places(without.map(({ path }) => `${path}.${language}`))}`;
    return [{ path: 'languages', found, allowed: 'a text in every language of the programme' }];
  }
  const slip = [...slips].find(([, text]) => text === first)?.[0];
  const hint = slip === undefined ? {} : { hint: `there is one in "${slip}": did you mean "${language}"?` };
  return [
    { path: `${first.path}.${language}`, found: 'nothing', allowed: `a text in "${language}"`, ...hint },
  ];
}

function localTexts(programme: Fields): LocalTextAt[] {
  return ['interests', 'digests', 'callsToAction', 'footerLinks'].flatMap((name) =>
    list(programme[name]).flatMap((entry, index) =>
      ['label', 'description', 'name'].flatMap((field) => {
        const texts = record(entry)[field];
        return isRecord(texts) ? [{ path: `${name}[${index}].${field}`, languages: Object.keys(texts) }] : [];
      }),
    ),
  );
}

function feedLanguages(programme: Fields): { path: string; language: string }[] {
  return list(programme.feeds).flatMap((feed, index) =>
    words([record(feed).language]).map((language) => ({ path: `feeds[${index}].language`, language })),
  );
}

/** A language that no reader can choose would never hand out a lead. */
function handOutLanguages(programme: Fields): { path: string; language: string }[] {
  return list(record(record(programme.sales).handOut).rules).flatMap((rule, index) =>
    words(record(rule).languages).map((language, place) => ({
      path: `sales.handOut.rules[${index}].languages[${place}]`,
      language,
    })),
  );
}

function unknownLanguage(path: string, language: string, languages: readonly string[]): Problem {
  const hint = nearMiss(language, languages);
  const allowed = `a language of the programme: ${languages.join(', ')}`;
  return { path, found: show(language), allowed, ...(hint ? { hint } : {}) };
}
