import { describe, expect, it } from 'vitest';
import { readRedisUrl } from '../../src/adapters/bull/redis-url.ts';
import { readSmtpUrl } from '../../src/adapters/smtp/server-url.ts';
import { secretsIn, serverAddress } from '../../src/config/server-address.ts';
import { readSettings } from '../../src/config/settings.ts';

describe('the address of a server', () => {
  it.each([
    ['postgres://u:hun@ter2@db:5432/x', 'hun@ter2'],
    ['postgres://u:hun%40ter2@db:5432/x', 'hun@ter2'],
    ['postgres://u:hun ter2@db:5432/x', 'hun ter2'],
    ['postgres://u:hun:ter2@db:5432/x', 'hun:ter2'],
    ['postgres://u:hun%2Fter%23%3F%252@db:5432/x', 'hun/ter#?%2'],
  ])('%s is read with its password', (text, password) => {
    const url = new URL(serverAddress(text, ['postgres:'])!);
    expect(decodeURIComponent(url.password)).toBe(password);
    expect([url.username, url.host]).toEqual(['u', 'db:5432']);
  });

  it('is read alike by who connects', () => {
    const redis = serverAddress('redis://:hun@ter2@[::1]:6379/1', ['redis:'])!;
    expect(readRedisUrl(redis)).toMatchObject({ host: '::1', port: 6379, db: 1, password: 'hun@ter2' });
    const smtp = serverAddress('smtps://ann@corp.example:hun@ter2@mail.example', ['smtps:'])!;
    expect(readSmtpUrl(smtp, true)).toMatchObject({
      auth: { user: 'ann@corp.example', pass: 'hun@ter2' },
      options: { host: 'mail.example', port: 465 },
    });
  });

  it.each([
    'postgres://u:hunter2@db:5432/x',
    'postgres:///db?host=/var/run/postgresql&user=u&password=hun@ter2',
    'postgres://u:hunter2@[2001:db8::7]/x?sslmode=require',
    'postgres://db/x?user=ann@corp.example',
  ])('%s is taken', (text) => {
    expect(serverAddress(text, ['postgres:'])).toBe(text);
  });

  it.each([
    'postgres://u:hun/ter2@db:5432/x',
    'postgres://u:12/ter2@db:5432/x',
    'postgres://u:hun#ter2@db:5432/x',
    'postgres://u:12#ter2@db:5432/x',
    'postgres://u:hun?ter2@db:5432/x',
    'postgres://u:12?ter2@db:5432/x',
    'postgres://u:12?ter=2@db:5432/x?y',
    'postgres://u:hun%ter2@db:5432/x',
    'postgres://u:hun%ff%fe2@db:5432/x',
    'postgres://u:hunter2@one,two:5433,three:5434/x',
    'host=db user=u password=hunter2 dbname=x@y',
    'mysql://u:hun@ter2@db/x',
  ])('%s is refused: what to write instead is said, and the password is not', (text) => {
    const read = readSettings({ DATABASE_URL: text });
    const problem = 'problems' in read ? read.problems.find(({ path }) => path === 'DATABASE_URL') : null;
    expect(problem).toMatchObject({ hint: expect.stringContaining('@ as %40') as string });
    expect(JSON.stringify(problem)).not.toMatch(/hun[^g]|ter=?2|12[/#?]/);
  });
});

describe('the secrets of the environment', () => {
  it('are found in addresses that cannot be read too; plain words and names are left out', () => {
    expect(
      secretsIn({
        DATABASE_URL: 'postgres://simmer:simmer@db/simmer',
        REDIS_URL: 'redis://:a/b#c@d@cache:6379',
        SMTP_URL: 'smtp://ann@corp.example:Hun@ter2@mail.example',
        SECRET_KEY: 'Key-one, Key-two',
        POSTMARK_WEBHOOK: 'hook:S3cret',
        MAILGUN_SIGNING_KEY: 'Key-three',
        PORT: '3000',
      }),
    ).toEqual(['a/b#c@d', 'Hun@ter2', 'Key-one', 'Key-two', 'Key-three', 'S3cret']);
  });
});
