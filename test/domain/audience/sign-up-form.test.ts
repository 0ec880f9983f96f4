import { describe, expect, it } from 'vitest';
import { readSignUpForm } from '../../../src/domain/audience/sign-up-form.ts';

const languages = ['en', 'nl', 'de'];
const read = (inputs: Record<string, string>) => readSignUpForm(inputs, languages, 'en');

describe('a sign-up form', () => {
  it('needs an address only; the rest gets what is usual for the language', () => {
    expect(read({ email: 'Anna@example.com', language: 'nl' })).toEqual({
      signUp: {
        email: 'anna@example.com',
        name: null,
        company: null,
        jobTitle: null,
        phone: null,
        industry: null,
        companySize: null,
        country: null,
        language: 'nl',
        timeZone: 'Europe/Amsterdam',
        source: {},
      },
    });
  });

  it('takes the company’s size and country as people write them', () => {
    const inputs = {
      email: 'anna@example.com',
      industry: 'Logistics',
      company_size: '50 - 249',
      country: 'nederland',
    };
    expect(read(inputs)).toMatchObject({
      signUp: { industry: 'Logistics', companySize: 150, country: 'NL' },
    });
    // Nobody is kept out for what only helps to know the company.
    const odd = { ...inputs, company_size: 'many', country: 'Atlantis', industry: 'x'.repeat(101) };
    expect(read(odd)).toMatchObject({
      signUp: { email: 'anna@example.com', companySize: null, country: null, industry: null },
      notes: [
        { field: 'industry', text: 'field.too-long', values: { longest: 100 } },
        { field: 'company_size', text: 'field.bad-size', values: { longest: 20 } },
        { field: 'country', text: 'field.bad-country', values: { longest: 80 } },
      ],
    });
  });

  it('that a program posts is taken whenever its address is one', () => {
    const inputs = {
      email: 'anna@gmial.com',
      name: 'www.win.com',
      phone: 'ask me',
      company: 'c'.repeat(121),
    };
    const posted = readSignUpForm(inputs, languages, 'en', false);
    expect(posted).toMatchObject({
      signUp: { email: 'anna@gmial.com', name: null, phone: null, company: null },
      notes: [{ field: 'name' }, { field: 'company' }, { field: 'phone' }],
    });
    expect(readSignUpForm({ email: 'anna' }, languages, 'en', false)).toHaveProperty('problems');
  });

  it('takes everything that was filled in, tidied', () => {
    const inputs = {
      email: 'anna@example.com',
      name: '  Anna \n Jansen ',
      company: 'Jansen & Zn',
      job_title: 'Head of payroll',
      phone: '+31 (0)20 123 45 67',
      time_zone: 'america/new_york',
      utm_source: ' fair ',
      landing_page: `https://example.com/${'x'.repeat(600)}`,
      download: 'Payroll guide',
      something_else: 'is left out',
    };
    const result = read(inputs);
    expect(result).toMatchObject({
      signUp: {
        name: 'Anna Jansen',
        company: 'Jansen & Zn',
        phone: '+31 (0)20 123 45 67',
        timeZone: 'America/New_York',
        source: { utm_source: 'fair', download: 'Payroll guide' },
      },
    });
    if (!('signUp' in result)) throw new Error('it was refused');
    expect(result.signUp.source.landing_page).toHaveLength(500);
    expect(Object.keys(result.signUp.source)).not.toContain('something_else');
  });

  it('names every problem at once', () => {
    const inputs = { email: 'anna', phone: 'none', company: 'c'.repeat(121) };
    expect(read(inputs)).toEqual({
      problems: [
        { field: 'email', text: 'email.no-at', values: {} },
        { field: 'company', text: 'field.too-long', values: { longest: 120 } },
        { field: 'phone', text: 'field.bad-phone', values: { longest: 40 } },
      ],
    });
  });

  it('asks once about an address that looks like a slip', () => {
    const values = { suggestion: 'anna@gmail.com', address: 'anna@gmial.com' };
    expect(read({ email: 'anna@gmial.com' })).toEqual({
      problems: [{ field: 'email', text: 'email.did-you-mean', values }],
    });
    expect(read({ email: 'anna@gmial.com', email_checked: 'anna@gmial.com' })).toHaveProperty('signUp');
    expect(read({ email: 'anna@gmial.com', email_checked: 'bob@gmial.com' })).toHaveProperty('problems');
  });

  it.each(['Win now http://spam.example', 'see www.spam.example', 'cheap.com deals', 'x https:spam'])(
    'lets no advertisement into a mail as a name: %s',
    (name) => {
      expect(read({ email: 'anna@example.com', name })).toMatchObject({
        signUp: { email: 'anna@example.com', name: null },
        notes: [{ field: 'name', text: 'field.has-link' }],
      });
    },
  );

  it.each([
    ['a'.repeat(101), 'field.too-long'],
    ['Click here to win', 'field.not-a-name'],
    ['🎰🎰🎰', 'field.not-a-name'],
  ])('keeps nobody out for a name that is none: %s', (name, text) => {
    const typed = { email: 'anna@example.com', name, company: 'Booking.com' };
    for (const isAsked of [true, false])
      expect(readSignUpForm(typed, ['en'], 'en', isAsked)).toMatchObject({
        signUp: { email: 'anna@example.com', name: null, company: 'Booking.com' },
        notes: [{ field: 'name', text }],
      });
  });

  it.each(['Dr. Anna O’Neill-Jansen', 'José María', '王秀英', 'J.R.R. Tolkien'])(
    'takes the name %s',
    (name) => {
      expect(read({ email: 'anna@example.com', name })).toMatchObject({ signUp: { name } });
    },
  );

  it.each(['+01:00', 'Mars/Olympus', '../../etc', ''])('puts the zone %s right silently', (zone) => {
    expect(read({ email: 'anna@example.com', language: 'de', time_zone: zone })).toMatchObject({
      signUp: { timeZone: 'Europe/Berlin' },
    });
  });
});
