import { textFaults } from '../adapters/templates/text-faults.ts';
import { loadTexts, TextFileError, type Texts, withoutHoles } from '../adapters/templates/texts.ts';
import { describeProblems } from '../config/problem.ts';
import { SetUpError } from '../config/set-up-error.ts';
import type { Settings } from '../config/settings.ts';
import type { Programme } from '../domain/programme.ts';
import type { Log } from '../journey/ports.ts';
import { templates } from '../template-folders.ts';

interface TextsDeps {
  programme: Pick<Programme, 'languages' | 'defaultLanguage'>;
  settings: Pick<Settings, 'mode'>;
  log: Log;
}

const MOST_NAMED = 10;

/**
 * The texts that mails and pages are written with. A language that is not whole is refused where real readers would get it;
 * in a try-out what it lacks is said in the default language (else English), and the log tells how much that is.
 */
export function startTexts(
  { programme, settings, log }: TextsDeps,
  folder: string = templates('locales'),
): Map<string, Texts> {
  const texts = readTexts(folder);
  const faults = textFaults(texts, programme.languages);
  if (faults.length === 0) return texts;
  const absent = programme.languages.some((language) => !texts.has(language));
  const grave = faults.filter(({ isGrave }) => isGrave);
  if (absent || (settings.mode === 'production' && grave.length > 0)) {
    const named = grave.slice(0, MOST_NAMED);
    const more = grave.length - named.length;
    const rest = more > 0 ? `\n  and ${more} more` : '';
    throw new SetUpError(
      `${describeProblems('The texts in templates/locales are not whole', named)}${rest}\n"simmer check" names each.`,
    );
  }
  const { defaultLanguage } = programme;
  log.warn(
    { faults: faults.length, first: faults[0] },
    grave.length === 0
      ? 'some texts in templates/locales are not as they should be: "simmer check" names them'
      : `the texts in templates/locales are not whole: what is missing is said in "${defaultLanguage}"; "simmer check" names it, and in production Simmer does not start like this`,
  );
  return withoutHoles(texts, [defaultLanguage, 'en']);
}

function readTexts(folder: string): Map<string, Texts> {
  try {
    return loadTexts(folder);
  } catch (error) {
    if (error instanceof TextFileError) throw new SetUpError(error.message);
    throw error;
  }
}
