import { textFaults } from '../adapters/templates/text-faults.ts';
import { loadTexts, TextFileError, type Texts } from '../adapters/templates/texts.ts';
import type { Problem } from '../config/problem.ts';
import { counted } from '../domain/text.ts';

/** The texts of a folder; none, and why, when a file cannot be read. */
export function readTexts(folder: string): { texts: Map<string, Texts>; unreadable: string[] } {
  try {
    return { texts: loadTexts(folder), unreadable: [] };
  } catch (error) {
    if (!(error instanceof TextFileError)) throw error;
    return { texts: new Map(), unreadable: [error.message] };
  }
}

/** A language that somebody is at work on is offered to nobody before the programme lists it: it is told, no more. */
export function unusedTextFaults(texts: Map<string, Texts>, languages: readonly string[]): Problem[] {
  const others = [...texts.keys()].filter((language) => !languages.includes(language));
  return others.flatMap((language) => {
    const faults = textFaults(texts, [language]);
    const [first] = faults;
    if (!first) return [];
    return [
      {
        path: `${language}.json`,
        found: `${counted(faults.length, 'fault')}, the first at ${first.path}: ${first.found}`,
        allowed: `anything, as long as "${language}" is not among the languages of the programme`,
      },
    ];
  });
}
