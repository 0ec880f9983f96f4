import { describe, expect, it } from 'vitest';
import { countryOf } from '../../../src/domain/scoring/country.ts';
import {
  completenessOf,
  engagementOf,
  fitOf,
  type LeadProfile,
  priorityOf,
} from '../../../src/domain/scoring/fit.ts';
import { readJobTitle } from '../../../src/domain/scoring/job-title.ts';
import { testProgramme } from '../../support/programme.ts';

const { persona, scoring } = testProgramme();
const lead = (fields: Partial<LeadProfile> = {}): LeadProfile => ({
  email: 'a.visser@kade.example',
  name: 'Anna Visser',
  company: 'Kade',
  jobTitle: null,
  phone: null,
  timeZone: 'Europe/Amsterdam',
  interests: ['payroll'],
  ...fields,
});
const priority = (profile: LeadProfile, score: number, isCustomer = false) =>
  priorityOf(
    {
      engagement: engagementOf({ score, isCustomer }, scoring),
      fit: fitOf(profile, persona).percent,
      completeness: completenessOf(profile),
    },
    persona.weights,
  );

describe('a job title', () => {
  it.each([
    ['Managing Director', 'top', 'management'],
    ['CFO', 'top', 'finance'],
    ['Directeur-eigenaar', 'top', 'management'],
    ['Geschäftsführerin', 'top', 'management'],
    ['Inhaber', 'top', 'management'],
    ['Vice President Operations', 'head', 'operations'],
    ['Hoofd Salarisadministratie', 'head', 'finance'],
    ['Leiterin Personalabteilung', 'head', 'hr'],
    ['Head of IT', 'head', 'it'],
    ['HR-manager', 'manager', 'hr'],
    ['Teamleider magazijn', 'manager', 'operations'],
    ['Lagerleiter', 'head', 'operations'],
    ['Boekhouder', 'specialist', 'finance'],
    ['Einkäufer', 'specialist', 'operations'],
    ['Software engineer', 'specialist', 'it'],
    ['Administratief medewerker', 'assistant', 'unknown'],
    ['Assistent van de directeur', 'assistant', 'management'],
    ['Sachbearbeiterin Lohn', 'assistant', 'finance'],
    ['Payroll clerk', 'assistant', 'finance'],
    ['', 'unknown', 'unknown'],
    ['🦄', 'unknown', 'unknown'],
  ])('%s', (title, seniority, department) => {
    expect(readJobTitle(title)).toEqual({ seniority, department });
  });
});

describe('the country', () => {
  it.each([
    [{ country: 'be' }, 'BE'],
    [{ phone: '+49 30 1234' }, 'DE'],
    [{ phone: '0032 2 123' }, 'BE'],
    [{ phone: '020 123 4567', email: 'x@kade.de' }, 'DE'],
    [{ email: 'x@kade.co.uk' }, 'GB'],
    [{ email: 'x@kade.com', timeZone: 'Europe/Vienna' }, 'AT'],
    [{ email: 'x@kade.com', timeZone: 'Asia/Tokyo' }, null],
  ])('%o', (fields, country) => {
    expect(countryOf(lead(fields))).toBe(country);
  });
});

describe('fit', () => {
  it('is told in words, with what speaks against it', () => {
    expect(fitOf(lead({ jobTitle: 'CFO' }), persona)).toMatchObject({
      percent: 100,
      reason: { code: 'fit.good', values: { good: [{ code: 'fit.top' }] } },
    });
    expect(fitOf(lead({ jobTitle: 'Clerk', email: 'anna@gmail.com' }), persona)).toMatchObject({
      percent: 12,
      reason: {
        code: 'fit.less-so',
        values: { less: [{ code: 'fit.assistant' }, { code: 'fit.free-mail' }] },
      },
    });
  });

  it('looks at what the persona names, and at nothing else', () => {
    const wanted = {
      ...persona,
      departments: ['finance'],
      industries: ['logistics'],
      countries: ['NL'],
      companySize: { from: 50, to: 500 },
    };
    const known = lead({ jobTitle: 'CFO', industry: 'Transport and Logistics', companySize: 120 });
    expect(fitOf(known, wanted).percent).toBe(100);
    expect(fitOf({ ...known, companySize: 12 }, wanted).percent).toBe(85);
    // Not knowing is better than knowing that it does not fit.
    expect(fitOf({ ...known, companySize: null }, wanted).percent).toBe(91);
    expect(fitOf(known, persona).criteria).toHaveLength(2);
  });

  it('is unknown while nothing is known that the persona asks for, and orders lists as a little less than the middle', () => {
    // A company's address alone would have made 52 %, a free one 32 %.
    expect(fitOf(lead(), persona).percent).toBeNull();
    expect(fitOf(lead({ email: 'anna@gmail.com' }), persona)).toMatchObject({
      percent: null,
      reason: { code: 'fit.less-so', values: { less: [{ code: 'fit.free-mail' }] } },
    });
    expect(fitOf(lead({ jobTitle: '🦄' }), persona).percent).toBeNull();
    expect(
      fitOf(lead({ industry: 'Logistics' }), { ...persona, industries: ['logistics'] }).percent,
    ).not.toBeNull();
    // What the persona does not ask for makes nothing known.
    expect(fitOf(lead({ industry: 'Logistics' }), persona).percent).toBeNull();
    expect(priority(lead(), 5)).toBeLessThan(priority(lead({ jobTitle: 'Manager' }), 5));
    expect(priority(lead(), 5)).toBeGreaterThan(priority(lead({ jobTitle: 'Clerk', phone: null }), 5) - 5);
  });
});

describe('completeness', () => {
  it('is half a name and an e-mail address', () => {
    expect(completenessOf(lead({ company: null, interests: [] }))).toBe(50);
    expect(completenessOf(lead({ phone: '1', jobTitle: 'CFO' }))).toBe(100);
  });
});

describe('priority', () => {
  const director = lead({ jobTitle: 'Managing director' });
  const clerk = lead({ jobTitle: 'Clerk' });

  it("puts a director's visit to the price page above a clerk's", () => {
    expect(priority(director, 5)).toBeGreaterThan(priority(clerk, 5));
  });

  it('puts the more active of two directors first, however active both are', () => {
    for (const [more, less] of [
      [1, 0],
      [13, 12],
      [60, 59],
    ] as const)
      expect(priority(director, more)).toBeGreaterThan(priority(director, less));
  });

  it('puts a clerk who does much above a director who does nothing', () => {
    expect(priority(clerk, 40)).toBeGreaterThan(priority(director, 0));
  });

  it('is half engagement at the threshold, which is lower for a customer', () => {
    expect(engagementOf({ score: 12, isCustomer: false }, scoring)).toBe(50);
    expect(engagementOf({ score: 6, isCustomer: true }, scoring)).toBe(50);
    expect(engagementOf({ score: -50, isCustomer: false }, scoring)).toBe(0);
  });
});
