import { describe, expect, it } from 'vitest';
import { isFreeMail } from '../../../src/domain/audience/free-mail.ts';
import { accountCrosses, jointWarmth } from '../../../src/domain/sales/account.ts';
import { assignmentList, inTurn } from '../../../src/domain/sales/assignment.ts';
import { readNotBefore } from '../../../src/domain/sales/not-before.ts';
import { afterOfficeTime, firstMomentOf } from '../../../src/domain/sales/office-hours.ts';
import { reminderFor } from '../../../src/domain/sales/reminder.ts';

const hours = { timeZone: 'Europe/Amsterdam', weekdays: [1, 2, 3, 4, 5], fromMinute: 540, toMinute: 1020 };
const HOUR = 3_600_000;
const at = (iso: string) => new Date(iso);

describe('whom a lead goes to', () => {
  const lead = {
    email: 'anna@kade.example',
    phone: null,
    company: 'Kade Logistics BV',
    language: 'en',
    timeZone: 'UTC',
  };
  const rule = (fields: object, ...to: string[]) => ({
    countries: [],
    languages: [],
    companies: [],
    to,
    ...fields,
  });
  const handOut = {
    rules: [
      rule({ companies: ['kade'], languages: ['nl'] }, 'both@x.example'),
      rule({ companies: ['acme.example'] }, 'acme@x.example'),
      rule({ countries: ['NL', 'BE'] }, 'nl-1@x.example', 'nl-2@x.example'),
      rule({ languages: ['de'] }, 'de@x.example'),
    ],
    to: ['all@x.example'],
  };

  it.each([
    ['no rule fits', {}, ['all@x.example']],
    ['by country: the phone', { phone: '+31 20 1' }, ['nl-1@x.example', 'nl-2@x.example']],
    ['by country: the zone', { timeZone: 'Europe/Brussels' }, ['nl-1@x.example', 'nl-2@x.example']],
    ['by language', { language: 'de' }, ['de@x.example']],
    ['all parts of a rule must hold', { language: 'nl' }, ['both@x.example']],
    ['by e-mail domain', { email: 'bo@acme.example', company: null }, ['acme@x.example']],
    ['a domain is meant whole', { email: 'bo@notacme.example', company: null }, ['all@x.example']],
  ])('%s', (_, fields, list) => {
    expect(assignmentList({ ...lead, ...fields }, handOut)).toEqual(list);
  });

  it('several take turns', () => {
    expect([0, 1, 2, 3].map((turn) => inTurn(['a', 'b', 'c'], turn))).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('office time', () => {
  it.each([
    ['within a day', '2026-11-24T09:00:00Z', 2, '2026-11-24T11:00:00Z'],
    ['over the night', '2026-11-24T15:00:00Z', 2, '2026-11-25T09:00:00Z'],
    ['over the weekend', '2026-11-27T15:30:00Z', 1, '2026-11-30T08:30:00Z'],
    ['from the night', '2026-11-24T03:00:00Z', 1, '2026-11-24T09:00:00Z'],
    ['a whole day ends when the next begins', '2026-11-24T08:00:00Z', 8, '2026-11-25T08:00:00Z'],
    ['over the change of clocks', '2026-10-23T14:30:00Z', 1, '2026-10-26T08:30:00Z'],
  ])('%s', (_, from, ms, end) => {
    expect(afterOfficeTime(at(from), ms * HOUR, hours)).toEqual(at(end));
  });

  it('begins on the first working day from a day on', () => {
    expect(firstMomentOf('2026-11-24', hours)).toEqual(at('2026-11-24T08:00:00Z'));
    expect(firstMomentOf('2026-11-28', hours)).toEqual(at('2026-11-30T08:00:00Z'));
  });
});

describe('when nobody acts', () => {
  const sales = { remindAfterMs: 4 * HOUR, escalateAfterMs: 8 * HOUR, officeHours: hours };
  const alertedAt = at('2026-11-24T09:00:00Z');
  it.each([
    [null, '2026-11-24T12:59:59Z', null],
    [null, '2026-11-24T13:00:00Z', 'reminder'],
    [null, '2026-12-24T13:00:00Z', 'reminder'],
    ['2026-11-24T13:00:00Z', '2026-11-25T12:59:59Z', null],
    ['2026-11-24T13:00:00Z', '2026-11-25T13:00:00Z', 'escalation'],
  ])('reminded %s, now %s: %s', (reminded, now, nudge) => {
    expect(reminderFor({ alertedAt, remindedAt: reminded ? at(reminded) : null }, sales, at(now))).toBe(
      nudge,
    );
  });

  it('nothing comes that is switched off', () => {
    const late = at('2027-01-01T00:00:00Z');
    const off = { ...sales, remindAfterMs: null, escalateAfterMs: null };
    expect(reminderFor({ alertedAt, remindedAt: null }, off, late)).toBeNull();
    const only = { ...sales, remindAfterMs: null };
    expect(reminderFor({ alertedAt, remindedAt: null }, only, late)).toBe('escalation');
  });
});

describe('not before', () => {
  const now = at('2026-11-24T23:30:00Z');
  it.each([
    ['', { day: null }],
    ['2026-11-26', { day: '2026-11-26' }],
    ['2028-11-20', { day: '2028-11-20' }],
  ])('"%s" is taken', (written, read) => {
    expect(readNotBefore(written, now, 'Europe/Amsterdam')).toEqual(read);
  });

  it.each(['2026-11-25', '2026-11-24', '2029-01-01', '2026-02-30', 'tomorrow', '26-11-2026'])(
    '"%s" is refused',
    (written) => {
      // In Amsterdam it is the 25th already.
      expect(readNotBefore(written, now, 'Europe/Amsterdam')).toHaveProperty('problem');
    },
  );
});

describe('an account', () => {
  const lead = (score: number, fields = {}) => ({ status: 'active', score, isQuiet: false, ...fields });

  it('is as warm as its warm leads together', () => {
    const leads = [
      lead(10),
      lead(5),
      lead(-4),
      lead(9, { status: 'unsubscribed' }),
      lead(7, { isQuiet: true }),
    ];
    expect(jointWarmth(leads)).toEqual({ warmth: 15, warm: 2 });
  });

  it.each([
    [{ warmth: 20, warm: 2 }, 0, true],
    [{ warmth: 19, warm: 2 }, 0, false],
    [{ warmth: 40, warm: 1 }, 0, false],
    [{ warmth: 25, warm: 3 }, 10, false],
    [{ warmth: 30, warm: 3 }, 10, true],
  ])('%j over what was told (%i): %s', (joint, base, crosses) => {
    expect(accountCrosses(joint, base, 20)).toBe(crosses);
  });

  it('is no account at a free-mail provider', () => {
    expect(isFreeMail('a@gmail.com')).toBe(true);
    expect(isFreeMail('a@kade.example')).toBe(false);
    expect(isFreeMail('a@kade.example', ['kade.example'])).toBe(true);
  });
});
