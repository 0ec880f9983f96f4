import { readProfileField } from './profile-field.ts';
import { type FieldProblem, profileProblem } from './sign-up-form.ts';
import type { Frequency, Subscriber } from './subscriber.ts';
import { readTimeZone } from './time-zone.ts';

/** How long the page offers to pause, in weeks. */
export const PAUSES = [2, 4, 8, 12, 26] as const;
export type Pause = (typeof PAUSES)[number];
export const FREQUENCIES: readonly Frequency[] = ['every-issue', 'monthly'];

export interface Preferences {
  /** At least one, in the programme's order. */
  interests: string[];
  language: string;
  timeZone: string;
  name: string | null;
  frequency: Frequency;
  /** Weeks from now; 'none' ends a pause, 'keep' leaves it as it is. */
  pause: Pause | 'none' | 'keep';
  tracking: boolean;
}

/** `notes`: what was left out because it could not be read; all else is taken. Left out where there is none. */
export type PreferencesRead =
  | { preferences: Preferences; notes?: FieldProblem[] }
  | { problems: FieldProblem[] };

/** What the form may choose from, and what stays when it does not say. */
export interface PreferencesChoice {
  interestIds: readonly string[];
  languages: readonly string[];
  now: Pick<Subscriber, 'language' | 'timeZone' | 'frequency' | 'tracking'>;
}

/**
 * Checks a posted preference form. Interests the programme does not have (any more) are left out, and so is a name that is
 * none: nobody is kept from confirming by it.
 */
export function readPreferencesForm(
  inputs: Readonly<Record<string, string | readonly string[]>>,
  choice: PreferencesChoice,
): PreferencesRead {
  const problems: FieldProblem[] = [];
  const ticked = [inputs.interest ?? []].flat();
  const interests = choice.interestIds.filter((id) => ticked.includes(id));
  if (interests.length === 0) problems.push({ field: 'interest', text: 'interest.none', values: {} });
  const name = readProfileField('name', one(inputs.name));
  const notes: FieldProblem[] =
    'problem' in name ? [{ field: 'name', ...profileProblem('name', name.problem) }] : [];
  if (problems.length > 0) return { problems: [...problems, ...notes] };
  const language = one(inputs.language);
  return {
    preferences: {
      interests,
      language: choice.languages.includes(language) ? language : choice.now.language,
      timeZone: readTimeZone(one(inputs.time_zone)) ?? choice.now.timeZone,
      name: 'value' in name ? name.value : null,
      frequency: FREQUENCIES.find((id) => id === one(inputs.frequency)) ?? choice.now.frequency,
      pause: readPause(one(inputs.pause)),
      tracking: readYesNo(one(inputs.tracking)) ?? choice.now.tracking,
    },
    ...(notes.length > 0 ? { notes } : {}),
  };
}

function readPause(text: string): Preferences['pause'] {
  if (text === 'none') return 'none';
  return PAUSES.find((weeks) => String(weeks) === text) ?? 'keep';
}

function readYesNo(text: string): boolean | null {
  return text === 'yes' ? true : text === 'no' ? false : null;
}

function one(input: string | readonly string[] | undefined): string {
  return typeof input === 'string' ? input : (input?.[0] ?? '');
}
