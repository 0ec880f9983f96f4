import { describe, expect, it } from 'vitest';
import { delivery, deliveryOf } from '../../src/config/delivery-schema.ts';
import { returns, returnsOf } from '../../src/config/returns-schema.ts';
import { readSettings } from '../../src/config/settings.ts';

const written = (value: unknown) => {
  const read = delivery.safeParse(value);
  return read.success
    ? deliveryOf(read.data)
    : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
};

describe('limits of delivery in the programme', () => {
  it('are none when nothing is said', () => {
    expect(written(undefined)).toEqual({
      perSecond: null,
      perHour: null,
      perDomain: {},
      warmUp: null,
      tries: 9,
    });
  });

  it('are read', () => {
    expect(
      written({
        perSecond: 20,
        perDomain: { 'gmail.com': { perHour: 1000, connections: 4 }, '*': { perSecond: 2 } },
        warmUp: { startingOn: '2026-12-01' },
      }),
    ).toEqual({
      perSecond: 20,
      perHour: null,
      perDomain: {
        'gmail.com': { perSecond: null, perHour: 1000, connections: 4 },
        '*': { perSecond: 2, perHour: null, connections: null },
      },
      warmUp: { startingOn: '2026-12-01', firstDay: 200, growth: 1.5, until: 100_000 },
      tries: 9,
    });
  });

  it.each([
    [{ perSecond: 0 }, 'perSecond: a whole number from 1 to 10000'],
    [
      { perDomain: { 'Gmail.com': {} } },
      'perDomain.Gmail.com: limits by domain in lower case, such as { "gmail.com": { perSecond: 20 } }; "*" is every other one',
    ],
    [
      { warmUp: { startingOn: '1 December' } },
      'warmUp.startingOn: a day as YYYY-MM-DD, such as "2026-01-06"',
    ],
    [
      { warmUp: { startingOn: '2026-12-01', growth: 10 } },
      'warmUp.growth: a number from 1.05 to 3: how many times as many mails as on the day before',
    ],
    [{ tries: 99 }, 'tries: a whole number from 1 to 20'],
  ])('%j is named', (value, problem) => {
    expect(written(value)).toEqual([problem]);
  });
});

describe('settings', () => {
  const read = (environment: Record<string, string>) => {
    const answer = readSettings(environment);
    return 'settings' in answer ? answer.settings : answer.problems.map(({ path }) => path);
  };

  it('name the keys that mails are signed with, and where bounces go', () => {
    expect(read({})).toMatchObject({ dkimKeys: [], returnPathDomain: null });
    expect(
      read({
        DKIM_KEYS: 'Example.com:s1:/etc/a.pem, example.com:s2:C:/b.pem',
        RETURN_PATH_DOMAIN: 'Bounces.example.com',
      }),
    ).toMatchObject({
      dkimKeys: [
        { domain: 'example.com', selector: 's1', path: '/etc/a.pem' },
        { domain: 'example.com', selector: 's2', path: 'C:/b.pem' },
      ],
      returnPathDomain: 'bounces.example.com',
    });
  });

  it.each(['example.com:s1', 'example:s1:/a', '/etc/a.pem', 'example.com:s 1:/a'])(
    'DKIM_KEYS=%s is a problem',
    (text) => {
      expect(read({ DKIM_KEYS: text })).toEqual(['DKIM_KEYS']);
    },
  );

  it.each(['bounces', 'bounces@example.com', 'https://b.example.com'])(
    'RETURN_PATH_DOMAIN=%s is a problem',
    (text) => {
      expect(read({ RETURN_PATH_DOMAIN: text })).toEqual(['RETURN_PATH_DOMAIN']);
    },
  );
});

describe('when an issue pauses by itself', () => {
  const brakeOf = (value: unknown) => {
    const read = returns.safeParse({ brake: value });
    return read.success
      ? returnsOf(read.data).brake
      : read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  const uncertain = { share: 0.02, minimum: 30, most: 500, inARow: 3 };

  it.each([
    [undefined, { share: 0.05, minimum: 100, uncertain }],
    [false, null],
    [{}, { share: 0.05, minimum: 100, uncertain }],
    [
      { share: 0.1, uncertain: { inARow: 5 } },
      { share: 0.1, minimum: 100, uncertain: { ...uncertain, inARow: 5 } },
    ],
  ])('%j', (value, rules) => {
    expect(brakeOf(value)).toEqual(rules);
  });

  it('a share that is none is named, with what is allowed', () => {
    expect(JSON.stringify(brakeOf({ uncertain: { share: 2 } }))).toContain(
      'a share from 0.001 to 1: 0.05 pauses an issue when more than 5 % of its mails are uncertain',
    );
    expect(JSON.stringify(brakeOf({ uncertain: { inARow: 0 } }))).toContain('a whole number from 1 to 1000');
  });
});
