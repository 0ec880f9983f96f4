import { loadTexts, sayer } from '../adapters/templates/texts.ts';
import type { Programme } from '../domain/programme.ts';
import { reasonTeller, type Tell } from '../domain/reason-text.ts';
import { templates } from '../template-folders.ts';

/** Says reasons as commands do: in English, like all else at the terminal. */
export function commandTeller(programme: Pick<Programme, 'interests' | 'sales'>): Tell {
  return reasonTeller({ say: sayer(loadTexts(templates('locales'))), programme }, 'en');
}
