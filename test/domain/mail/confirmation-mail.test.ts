import { expect, it } from 'vitest';
import { confirmationMail } from '../../../src/domain/mail/confirmation-mail.ts';
import { testLinks, testProgramme } from '../../support/programme.ts';

it("has one link per interest, one for all, and says how often mail comes, in the subscriber's language", () => {
  const mail = confirmationMail({
    programme: testProgramme(),
    links: testLinks,
    subscriber: { id: 5, name: null, language: 'de' },
  });
  expect(mail.interests.map(({ id, label, url }) => [id, label, url])).toEqual([
    ['payroll', 'Lohn', testLinks.preferences(5, 'payroll')],
    ['invoicing', 'Rechnungen', testLinks.preferences(5, 'invoicing')],
    ['stock', 'Lager', testLinks.preferences(5, 'stock')],
  ]);
  expect(mail.allInterestsUrl).toBe(testLinks.preferences(5, 'all'));
  expect(mail.unsubscribeUrl).toBe(testLinks.unsubscribe(5));
  expect(mail.name).toBeNull();
  expect(mail.digests).toEqual([
    { name: 'Tessel Neues', schedule: { every: 2, unit: 'weeks', weekdays: [2] } },
  ]);
});

it('holds the first name alone of all that was typed, also of what was kept before', () => {
  const nameIn = (name: string) =>
    confirmationMail({
      programme: testProgramme(),
      links: testLinks,
      subscriber: { id: 5, name, language: 'en' },
    }).name;
  expect(nameIn('Anna Jansen of Kade Ltd')).toBe('Anna');
  expect(nameIn('casino.io/win')).toBeNull();
});
