import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { loadTexts, sayer } from '../../../src/adapters/templates/texts.ts';
import { fitInWords } from '../../../src/web/staff/fit-words.ts';

const say = sayer(loadTexts(fileURLToPath(new URL('../../../templates/locales', import.meta.url))));

it('says in the language of the page what speaks for a lead, and what less', () => {
  const fit = {
    percent: 60,
    words: '',
    criteria: [
      { what: 'seniority' as const, found: 'director or owner', fits: 1 },
      { what: 'address' as const, found: 'free-mail address', fits: 0 },
      { what: 'department' as const, found: 'finance', fits: 1 },
      { what: 'industry' as const, found: 'finance of ships', fits: 1 },
      { what: 'country' as const, found: 'NL', fits: 0 },
      { what: 'company size' as const, found: '1 employees', fits: 0 },
    ],
  };
  expect(fitInWords(fit, say, 'en')).toBe(
    'director or owner, finance, finance of ships; less so: free-mail address, Netherlands, 1 employee',
  );
  expect(fitInWords(fit, say, 'de')).toBe(
    'Geschäftsführung oder Inhaber, Finanzen, finance of ships; weniger: Freemail-Adresse, Niederlande, 1 Beschäftigter',
  );
  expect(fitInWords({ percent: 40, words: '', criteria: [] }, say, 'nl')).toBe('');
});
