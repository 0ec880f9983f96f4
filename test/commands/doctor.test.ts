import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examine } from '../../src/commands/doctor.ts';
import { readSettings, type Settings } from '../../src/config/settings.ts';
import type { MailDns } from '../../src/journey/deliverability/ports/mail-dns.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { testProgramme } from '../support/programme.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { TEST_SECRET_KEY } from '../support/secret-key.ts';
import { lacks } from '../support/services.ts';
import { startSmtpServer, type TestSmtpServer } from '../support/smtp-server.ts';

const NO_DNS: MailDns = {
  txt: async () => [],
  mx: async () => [],
  addresses: async () => [],
  names: async () => [],
};
let db: TestDatabase;
let smtp: TestSmtpServer;
let web: Server;

beforeAll(async () => {
  db = await testDatabase();
  smtp = await startSmtpServer();
  web = createServer((request, response) => {
    response.statusCode = request.url === '/health/live' ? 200 : 404;
    response.end();
  });
  await new Promise<void>((listening) => web.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  web.close();
  await smtp.close();
  await db.close();
});

async function lines(changed: Partial<Settings> = {}, now = () => new Date()) {
  const read = readSettings({
    PUBLIC_URL: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    SMTP_URL: smtp.url,
  });
  if (!('settings' in read)) throw new Error('the settings of this test are wrong');
  const settings = { ...read.settings, databaseUrl: db.url, ...changed };
  const findings = await examine({ settings, programme: testProgramme() }, NO_DNS, now);
  return new Map(findings.map((finding) => [finding.what, finding]));
}

describe('simmer doctor', () => {
  it('tells of a former key that can be guessed, and of none that is good', async () => {
    const weak = 'change-me-to-something-secret';
    const told = (await lines({ secrets: [TEST_SECRET_KEY, weak] })).get('SECRET_KEY');
    expect(told).toMatchObject({ state: 'look' });
    expect(JSON.stringify(told)).toContain('a former key is weak');
    expect(JSON.stringify(told)).not.toContain(weak);
    expect((await lines({ secrets: [TEST_SECRET_KEY] })).has('SECRET_KEY')).toBe(false);
  });

  it('looks at everything that sending stands on', async () => {
    const found = await lines();
    for (const what of [
      'Postgres',
      'Clock and Postgres',
      'Redis',
      'Clock and the web server',
      'Mail server',
      'TLS',
    ])
      expect(found.get(what), what).toMatchObject({ state: 'fine', todo: null });
    expect([...found.keys()].filter((what) => what.startsWith('Public address'))).toHaveLength(1);
    expect(found.get('SPF of tessel.example')).toMatchObject({ state: 'mend' });
    expect(found.get('DMARC of tessel.example')!.todo).toContain('v=DMARC1; p=none');
    expect(smtp.mails).toEqual([]);
  });

  it('a clock that is wrong, a web page that is gone, a mail server and a Redis that are not there: each with what to do', async () => {
    const found = await lines(
      { publicUrl: 'http://127.0.0.1:9', smtpUrl: 'smtp://127.0.0.1:9', redisUrl: 'redis://127.0.0.1:9' },
      () => new Date(Date.now() + 120_000),
    );
    for (const what of ['Clock and Postgres', 'Public address http://127.0.0.1:9', 'Mail server', 'Redis'])
      expect(found.get(what), what).toMatchObject({ state: 'mend', todo: expect.stringMatching(/\w+/) });
  }, 30_000);

  describe.skipIf(lacks('redis-server'))('asks Redis', () => {
    let redis: TestRedis;
    beforeAll(async () => {
      redis = await startRedis(undefined, ['--requirepass', 'hidden']);
    });
    afterAll(() => redis.stop());
    const urlFor = (secret: string) => redis.url.replace('//', `//:${secret}@`);

    it('and finds one that works', async () => {
      const found = await lines({ redisUrl: urlFor('hidden') });
      expect(found.get('Redis')).toMatchObject({ state: 'fine', todo: null });
      expect(found.get('Redis')!.says).toMatch(/^\d+\.\d+\.\d+ at 127\.0\.0\.1:\d+, answered in \d+ ms$/);
    });

    it.each([
      ['with a wrong password', () => urlFor('guessed'), /WRONGPASS/],
      ['with none', () => redis.url, /NOAUTH/],
      [
        'where none is',
        () => 'redis://:hidden@127.0.0.1:9',
        /^127\.0\.0\.1:9: nothing answers there \(.*ECONNREFUSED/,
      ],
      [
        'where none is, by name',
        () => 'redis://localhost:9',
        /^localhost:9: nothing answers there \(.*ECONNREFUSED/,
      ],
      [
        'that has no address',
        () => 'redis://no-such-host.invalid',
        /^no-such-host.invalid:6379: .*ENOTFOUND|EAI_AGAIN/,
      ],
    ])('%s, and says what happened and what to do', async (_, url, words) => {
      const found = (await lines({ redisUrl: url() })).get('Redis')!;
      expect(found).toMatchObject({ state: 'mend', todo: expect.stringContaining('REDIS_URL') });
      expect(found.says).toMatch(words);
      expect(found.says).not.toContain('guessed');
      expect(found.says).not.toContain('hidden');
    });

    it('that is none: a mail server, say', async () => {
      const found = (await lines({ redisUrl: smtp.url.replace('smtp:', 'redis:') })).get('Redis')!;
      expect(found).toMatchObject({ state: 'mend', todo: expect.stringContaining('REDIS_URL') });
      expect(found.says).toContain('what answers there is no Redis');
    });
  });

  it('goes on without Postgres, and says nothing of its password', async () => {
    const found = await lines({ databaseUrl: 'postgres://simmer:hidden@127.0.0.1:9/simmer' });
    const { state, says, todo } = found.get('Postgres')!;
    expect(state).toBe('mend');
    expect(says).toContain('127.0.0.1:9');
    expect(says).not.toContain('hidden');
    expect(todo).toContain('DATABASE_URL');
    expect(found.get('Mail server')).toMatchObject({ state: 'fine' });
  });

  it('changes nothing: not even the tables of an older version', async () => {
    const before = await db.pool.query('select count(*) from migrations');
    await db.pool.query(`delete from migrations where name like '0011%'`);
    await lines();
    const after = await db.pool.query('select count(*) from migrations');
    expect(Number(after.rows[0].count)).toBe(Number(before.rows[0].count) - 1);
  });

  it('a try-out is told that its mails stay here, not that its made-up domain has no records', async () => {
    const found = await lines({ smtpUrl: null });
    expect(found.get('Mail server')).toMatchObject({ state: 'look' });
    expect([...found.values()].filter(({ state }) => state === 'mend')).toEqual([]);
  });

  it('names a DKIM key that cannot be read', async () => {
    const found = await lines({
      dkimKeys: [{ domain: 'tessel.example', selector: 's1', path: '/no/such/key.pem' }],
    });
    expect(found.get('DKIM s1 of tessel.example')).toMatchObject({
      state: 'mend',
      says: expect.stringContaining('/no/such/key.pem'),
    });
  });
});
