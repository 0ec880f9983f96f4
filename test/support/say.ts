import { fileURLToPath } from 'node:url';
import { loadTexts, sayer } from '../../src/adapters/templates/texts.ts';
import { reasonTeller, type Tell } from '../../src/domain/reason-text.ts';
import { testProgramme } from './programme.ts';

/** The texts that ship, by language. */
export const testTexts = loadTexts(fileURLToPath(new URL('../../templates/locales', import.meta.url)));

export const testSay = sayer(testTexts);

/** Says reasons as pages, mails and commands do. */
export function tellIn(language: string, programme = testProgramme()): Tell {
  return reasonTeller({ say: testSay, programme }, language);
}
