import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { keptSecretKey } from '../../src/config/secret-key.ts';
import { readSettings, type Settings } from '../../src/config/settings.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';

const production = {
  PUBLIC_URL: 'https://news.example.com/',
  DATABASE_URL: 'postgres://simmer:hidden@db:5432/simmer',
  REDIS_URL: 'redis://redis:6379',
  SMTP_URL: 'smtps://user:hidden@mail.example.com',
  SECRET_KEY: `${TEST_SECRET_KEY}, the first of all keys`,
};

function settings(environment: Record<string, string>): Settings {
  const read = readSettings(environment);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

function problems(environment: Record<string, string>, role: 'web' | 'worker' | 'all' = 'all') {
  const read = readSettings(environment, role);
  return 'problems' in read ? read.problems : [];
}

describe('settings', () => {
  it('take the certificate for mails that come back only together with its key', () => {
    const both = { RETURN_TLS_CERT: '/etc/cert.pem', RETURN_TLS_KEY: '/etc/key.pem' };
    expect(settings(both).returnTls).toEqual({ cert: '/etc/cert.pem', key: '/etc/key.pem' });
    expect(settings({}).returnTls).toBeNull();
    expect(problems({ RETURN_TLS_CERT: '/etc/cert.pem' })).toMatchObject([{ path: 'RETURN_TLS_KEY' }]);
    expect(problems({ RETURN_TLS_KEY: '/etc/key.pem' })).toMatchObject([{ path: 'RETURN_TLS_CERT' }]);
  });

  it('need nothing for a try-out: what is missing is brought along', () => {
    expect(settings({})).toMatchObject({
      mode: 'embedded',
      port: 3000,
      host: 'localhost',
      publicUrl: 'http://localhost:3000',
      databaseUrl: null,
      redisUrl: null,
      smtpUrl: null,
      secrets: [],
      logLevel: 'info',
      trustProxy: false,
    });
  });

  it('are read for a real installation', () => {
    expect(
      settings({ ...production, PORT: '8080', TRUST_PROXY: '10.0.0.0/8, loopback', LOG_LEVEL: 'warn' }),
    ).toMatchObject({
      mode: 'production',
      port: 8080,
      host: '0.0.0.0',
      publicUrl: 'https://news.example.com',
      internalUrl: 'https://news.example.com',
      secrets: [TEST_SECRET_KEY, 'the first of all keys'],
      logLevel: 'warn',
      trustProxy: ['10.0.0.0/8', 'loopback'],
    });
    expect(settings({ ...production, TRUST_PROXY: '2' }).trustProxy).toBe(2);
    expect(settings({ ...production, TRUST_PROXY: 'true' }).trustProxy).toBe(true);
  });

  it('name every problem at once, with what was found and what is allowed', () => {
    const found = problems({
      PORT: 'http',
      LOG_LEVEL: 'wran',
      TRUST_PROXY: 'some',
      PUBLIC_URL: 'news.example.com',
      REDIS_URL: 'localhost:6379',
    });
    expect(found.map(({ path }) => path).sort()).toEqual([
      'LOG_LEVEL',
      'PORT',
      'PUBLIC_URL',
      'REDIS_URL',
      'TRUST_PROXY',
    ]);
    expect(found.find(({ path }) => path === 'LOG_LEVEL')).toMatchObject({
      found: 'wran',
      allowed: 'one of: fatal, error, warn, info, debug, trace, silent',
      hint: 'did you mean "warn"?',
    });
  });

  it.each([
    'https://example.com/news',
    'https://example.com?x=1',
    'ftp://example.com',
    'https://user@example.com',
  ])('refuse %s as the public address', (url) => {
    expect(problems({ PUBLIC_URL: url }).map(({ path }) => path)).toEqual(['PUBLIC_URL']);
  });

  it('stop a production start that lacks something, and say what', () => {
    expect(problems({ NODE_ENV: 'production' }).map(({ path }) => path)).toEqual([
      'PUBLIC_URL',
      'DATABASE_URL',
      'SMTP_URL',
      'SECRET_KEY',
    ]);
    const { SECRET_KEY: _, ...noKey } = production;
    expect(problems(noKey)).toMatchObject([
      { path: 'SECRET_KEY', found: 'nothing, and DATABASE_URL is set' },
    ]);
  });

  it('ask for Redis only where web and workers are processes of their own', () => {
    const { REDIS_URL: _, ...noRedis } = production;
    expect(problems(noRedis, 'all')).toEqual([]);
    expect(problems(noRedis, 'worker').map(({ path }) => path)).toEqual(['REDIS_URL']);
  });

  it('never show a secret', () => {
    const shown = JSON.stringify(
      problems({
        SECRET_KEY: 'tiny-secret',
        DATABASE_URL: 'mysql://root:hidden@db/x',
        SMTP_URL: 'http://user:hidden@mail',
      }),
    );
    expect(shown).not.toMatch(/tiny-secret|hidden/);
    expect(shown).toContain('mysql://root:***@db/x');
  });
});

describe('the key of an embedded installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'simmer-key-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is made once, kept, and readable for its owner alone', () => {
    const key = keptSecretKey(folder);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keptSecretKey(folder)).toBe(key);
    expect(statSync(join(folder, 'secret-key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'secret-key'), 'utf8').trim()).toBe(key);
  });

  it('is refused when the file was cut off', () => {
    keptSecretKey(folder);
    writeFileSync(join(folder, 'secret-key'), 'abc');
    expect(() => keptSecretKey(folder)).toThrow(/secret-key: found 3 characters/);
  });
});
