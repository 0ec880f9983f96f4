import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadMails } from '../../../src/adapters/mail-templates/renderer.ts';
import type { Subscriber } from '../../../src/domain/audience/subscriber.ts';
import type { Reason } from '../../../src/domain/reason.ts';
import { salesAlertMail } from '../../../src/domain/sales/alert-mail.ts';
import { fitOf } from '../../../src/domain/scoring/fit.ts';
import { BALANCING_RULES, scoreRules } from '../../../src/domain/scoring/score-rules.ts';
import { testLinks, testProgramme, testPublicUrl } from '../../support/programme.ts';
import { tellIn, testTexts } from '../../support/say.ts';

const programme = testProgramme();
const at = new Date('2026-11-24T09:00:00Z');
const lead = {
  id: 1,
  name: 'Anna Visser',
  email: 'anna.visser@gmail.com',
  company: 'Kade',
  jobTitle: 'Head of Finance',
  phone: null,
  timeZone: 'Europe/Amsterdam',
  country: 'NL',
  companySize: 1,
  isCustomer: false,
  score: 14,
  interests: ['payroll'],
  source: {},
} as unknown as Subscriber;
const persona = {
  ...programme.persona,
  departments: ['hr'],
  countries: ['DE'],
  companySize: { from: 50, to: null },
};

/** Every cause that a ledger can have, each once: what the programme's rules are called, and what happens besides. */
const clicked: Reason = { code: 'score.article', values: { what: 'Ω' } };
const CAUSES: readonly Reason[] = [
  ...scoreRules(programme).map(({ name }) => name),
  ...Object.values(BALANCING_RULES),
  clicked,
  { code: 'score.button', values: { what: 'Ω' } },
  { code: 'score.download', values: { what: 'Ω' } },
  { code: 'score.visit', values: { what: 'Ω' } },
  { code: 'score.cut', values: { cause: clicked, before: 3, now: 1, cap: 6 } },
  { code: 'score.came-late', values: { cause: clicked } },
  { code: 'score.rules-count', values: { cause: clicked } },
  { code: 'score.rules-changed', values: { cause: clicked, now: 3, before: 1 } },
  { code: 'score.taken-back', values: { cause: clicked } },
];

/** The parts of English reasons that stand between their values, where the language says it in other words. */
function englishParts(language: string): string[] {
  return [...testTexts.get('en')!].flatMap(([key, text]) =>
    key.startsWith('reasons.score.') || key.startsWith('reasons.fit.')
      ? text
          .split(/\{[^}]*\}/)
          .map((part) => part.trim())
          .filter((part) => part.length > 7 && !testTexts.get(language)!.get(key)!.includes(part))
      : [],
  );
}

it.each(['nl', 'de', 'fr'])('a sales alert in %s has no English word of ours', async (language) => {
  const mails = await loadMails(join(import.meta.dirname, '../../../templates/mails'), testTexts, {
    ...programme.brand,
    publicUrl: testPublicUrl,
  });
  const written = (tongue: string) => {
    const tell = tellIn(tongue);
    const { percent, reason } = fitOf(lead, persona);
    const fit = { percent, reason, words: tell(reason!), priority: 50 };
    return CAUSES.map((cause) => {
      const facts = { lead, qualification: { id: 7, at }, fit, reads: [], wish: null, colleagues: [] };
      const entries = [{ at, points: 3, rule: 'x', cause }];
      const data = salesAlertMail({ ...facts, entries }, programme, testLinks, tongue, tell);
      expect(data.acts).toEqual([{ what: tell(cause), reason: cause, at: at.toISOString(), points: 3 }]);
      return mails.render('sales-alert', language, data).text;
    })
      .join('\n')
      .replace(/\s+/g, ' ');
  };
  const english = englishParts(language);
  const found = (text: string) => english.filter((part) => text.includes(part));
  expect(found(written(language))).toEqual([]);
  const fit = tellIn(language)(fitOf(lead, persona).reason!);
  expect(written(language)).toContain(fit.replace(/\s+/g, ' '));
  // Such words would be seen.
  expect(found(written('en')).length).toBeGreaterThan(15);
});
