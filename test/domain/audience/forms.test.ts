import { describe, expect, it } from 'vitest';
import { readCallBackForm } from '../../../src/domain/audience/call-back-form.ts';
import { chooseLanguage } from '../../../src/domain/audience/language.ts';
import { readPreferencesForm } from '../../../src/domain/audience/preferences-form.ts';
import { textVersion } from '../../../src/domain/audience/text-version.ts';
import { readTimeZone, timeZones, usualTimeZone } from '../../../src/domain/audience/time-zone.ts';

describe('the preference form', () => {
  const choice = {
    interestIds: ['payroll', 'stock'],
    languages: ['en', 'nl'],
    now: { language: 'en', timeZone: 'Europe/London', frequency: 'monthly', tracking: false } as const,
  };

  it('keeps the known interests, in the programme’s order', () => {
    const inputs = {
      interest: ['stock', 'gone', 'payroll'],
      language: 'nl',
      time_zone: 'UTC',
      name: ' Anna ',
    };
    expect(readPreferencesForm(inputs, choice)).toEqual({
      preferences: {
        interests: ['payroll', 'stock'],
        language: 'nl',
        timeZone: 'UTC',
        name: 'Anna',
        frequency: 'monthly',
        pause: 'keep',
        tracking: false,
      },
    });
  });

  it('keeps what is stored where the form says nothing it knows', () => {
    const inputs = { interest: 'stock', language: 'xx', time_zone: 'Nowhere' };
    expect(readPreferencesForm(inputs, choice)).toMatchObject({
      preferences: { interests: ['stock'], language: 'en', timeZone: 'Europe/London' },
    });
  });

  it('takes a rhythm, a pause and a word on measuring, among those it offers', () => {
    const inputs = { interest: 'stock', frequency: 'every-issue', pause: '8', tracking: 'yes' };
    expect(readPreferencesForm(inputs, choice)).toMatchObject({
      preferences: { frequency: 'every-issue', pause: 8, tracking: true },
    });
    const made = { interest: 'stock', frequency: 'hourly', pause: '99999', tracking: 'perhaps' };
    expect(readPreferencesForm(made, choice)).toMatchObject({
      preferences: { frequency: 'monthly', pause: 'keep', tracking: false },
    });
  });

  it('confirms without a name that is none, and says so', () => {
    expect(readPreferencesForm({ interest: 'stock', name: 'casino.io/win' }, choice)).toMatchObject({
      preferences: { interests: ['stock'], name: null },
      notes: [{ field: 'name', text: 'field.has-link' }],
    });
  });

  it('needs at least one interest', () => {
    expect(readPreferencesForm({ interest: 'gone' }, choice)).toEqual({
      problems: [{ field: 'interest', text: 'interest.none', values: {} }],
    });
  });
});

describe('the call-back form', () => {
  it('needs a number', () => {
    expect(readCallBackForm({}, null)).toMatchObject({
      problems: [{ field: 'phone', text: 'phone.missing' }],
    });
    expect(readCallBackForm({ phone: 'abc' }, null)).toMatchObject({
      problems: [{ text: 'field.bad-phone' }],
    });
  });

  it('needs none when one is known', () => {
    expect(readCallBackForm({ phone: ' ' }, '+31 20 555 0101')).toEqual({
      wish: { phone: '+31 20 555 0101', bestTime: '', note: '' },
    });
  });

  it('keeps the lines of a note', () => {
    const inputs = { phone: '020 1234567', best_time: ' after four ', note: 'Payroll\r\n for 40 people ' };
    expect(readCallBackForm(inputs, null)).toEqual({
      wish: { phone: '020 1234567', bestTime: 'after four', note: 'Payroll\nfor 40 people' },
    });
  });

  it('says so when a note is too long, instead of cutting it', () => {
    expect(readCallBackForm({ phone: '020 1234567', note: 'x'.repeat(1001) }, null)).toMatchObject({
      problems: [{ field: 'note', text: 'field.too-long', values: { longest: 1000 } }],
    });
  });
});

describe('the language of a page', () => {
  it.each([
    ['nl', 'de', 'nl'],
    [undefined, 'de-AT,de;q=0.9,en;q=0.8', 'de'],
    [undefined, 'fr, nl;q=0.5, en;q=0.8', 'en'],
    [undefined, 'nl;q=0, fr', 'en'],
    ['xx', undefined, 'en'],
    [undefined, ';;;q=,,', 'en'],
  ])('wish %s, Accept-Language %s: %s', (wish, accepted, language) => {
    expect(chooseLanguage(['en', 'nl', 'de'], 'en', wish, accepted)).toBe(language);
  });

  it.each([
    ['pt-BR', 'pt-BR'],
    ['pt-br,en;q=0.8', 'pt-BR'],
    ['pt', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['en-US', 'en'],
  ])('may name a country: %s is %s', (accepted, language) => {
    expect(chooseLanguage(['en', 'pt-BR'], 'en', undefined, accepted)).toBe(language);
  });
});

it('time zones can all be read back', () => {
  expect(timeZones().length).toBeGreaterThan(300);
  expect(timeZones().filter((zone) => readTimeZone(zone) === null)).toEqual([]);
});

it('a consent text is named by version and language', () => {
  expect(textVersion('2026-11', 'nl')).toBe('2026-11 (nl)');
});

describe('where most readers of a language live', () => {
  it.each([
    ['en', 'Europe/London'],
    ['nl', 'Europe/Amsterdam'],
    ['de', 'Europe/Berlin'],
    ['fr', 'Europe/Paris'],
    ['es', 'Europe/Madrid'],
    ['pt', 'America/Sao_Paulo'],
    ['pt-PT', 'Europe/Lisbon'],
    ['en-US', 'America/New_York'],
    ['de-AT', 'Europe/Vienna'],
    ['pl', 'Europe/Warsaw'],
    ['ja', 'Asia/Tokyo'],
    ['xx', 'UTC'],
  ])('%s: %s', (language, zone) => {
    expect(usualTimeZone(language)).toBe(zone);
    expect(readTimeZone(zone)).toBe(zone);
  });
});
