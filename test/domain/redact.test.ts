import { describe, expect, it } from 'vitest';
import { hideFromNowOn, redact, redacted } from '../../src/domain/redact.ts';

describe('an address in a text', () => {
  it.each([
    // As it should be written.
    ['postgres://u:hunter2@db:5432/simmer', 'postgres://u:***@db:5432/simmer'],
    ['postgresql://u:p%40ss%2Fw@db/simmer', 'postgresql://u:***@db/simmer'],
    ['redis://:hunter2@cache:6379/1', 'redis://:***@cache:6379/1'],
    ['rediss://default:hunter2@cache', 'rediss://default:***@cache'],
    ['redis://hunter2@cache', 'redis://***@cache'],
    [
      'smtps://ann%40corp.example:hunter2@mail.example:465',
      'smtps://ann%40corp.example:***@mail.example:465',
    ],
    ['postgres://u:hunter2@[2001:db8::7]:5432/db', 'postgres://u:***@[2001:db8::7]:5432/db'],
    ['postgres://u:hunter2@one:5432,two:5433/db', 'postgres://u:***@one:5432,two:5433/db'],
    ['postgres://u:hunter2@/db?host=/var/run', 'postgres://u:***@/db?host=/var/run'],
    // As people write it.
    ['postgres://u:hun@ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun@ter2@db', 'postgres://u:***@db'],
    ['postgres://u:@hunter2@@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun/ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:12/ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun#ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun?ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun:ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun%ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun%zzter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun@t er2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun"ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ["postgres://u:hun'ter2@db/simmer", 'postgres://u:***@db/simmer'],
    ['postgres://u:hun<ter>2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:hun\\ter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['postgres://u:a://hunter2@db/simmer', 'postgres://u:***@db/simmer'],
    ['smtp://ann@corp.example:hun@ter2@mail.example', 'smtp://ann@corp.example:***@mail.example'],
    ['redis://:hun/t#e?r2@[::1]:6379', 'redis://:***@[::1]:6379'],
    ['POSTGRES://U:hunter2@DB/X', 'POSTGRES://U:***@DB/X'],
    // Broken off, or no address at all.
    ['postgres://u:hunter2', 'postgres://u:***'],
    ['postgres://u:hunter2@', 'postgres://u:***@'],
    ['postgres://u:hunter2@db:port/simmer', 'postgres://u:***@db:port/simmer'],
    // Parameters.
    ['postgres:///db?password=hunter2&user=u', 'postgres:///db?password=***&user=u'],
    ['postgres://db/x?sslpassword=hunter2', 'postgres://db/x?sslpassword=***'],
    ['postgres://db/x?sslmode=require&sslkey=/etc/k&x=1', 'postgres://db/x?sslmode=require&sslkey=***&x=1'],
    ['postgres://u:hun@ter@h/db?sslpassword=ab%26c&x=1', 'postgres://u:***@h/db?sslpassword=***&x=1'],
    ['https://feeds.example/rss?key=hunter2&n=5', 'https://feeds.example/rss?key=***&n=5'],
    ['https://feeds.example/rss?n=5&api_key=hunter2#x', 'https://feeds.example/rss?n=5&api_key=***#x'],
    ['https://feeds.example/rss?access_token=hunter2', 'https://feeds.example/rss?access_token=***'],
    // Feeds and webhooks.
    ['https://reader:hunter2@feeds.example/rss', 'https://***@feeds.example/rss'],
    ['https://hunter2@feeds.example/rss', 'https://***@feeds.example/rss'],
    ['https://reader:hun@ter2@feeds.example/@ann/rss', 'https://***@feeds.example/@ann/rss'],
    ['https://reader:hun/ter2@feeds.example/rss', 'https://***@feeds.example/rss'],
    ['https://reader:12/ter2@feeds.example/rss', 'https://***@feeds.example/rss'],
    // libpq.
    ['host=db user=u password=hunter2 dbname=x', 'host=db user=u password=*** dbname=x'],
    ["host=db password = 'hun ter2' dbname=x", "host=db password = '***' dbname=x"],
    ["password='hun\\'t er2' dbname=x", "password='***' dbname=x"],
    ['password=hun\\ ter2 dbname=x', 'password=*** dbname=x'],
    ['password=hun&ter2 dbname=x', 'password=*** dbname=x'],
    ['PGPASSWORD=hunter2 psql', 'PGPASSWORD=*** psql'],
    // Settings, headers and files.
    ['SECRET_KEY=hunter2,hunter3 simmer start', 'SECRET_KEY=*** simmer start'],
    ['MAILGUN_SIGNING_KEY=hunter2', 'MAILGUN_SIGNING_KEY=***'],
    ['SENDGRID_WEBHOOK_KEY="hunter2"', 'SENDGRID_WEBHOOK_KEY="***"'],
    ['POSTMARK_WEBHOOK=u:hunter2', 'POSTMARK_WEBHOOK=***'],
    ['{"password":"hun\\"ter2","user":"u"}', '{"password":"***","user":"u"}'],
    ["{ password: 'hunter2', user: 'u' }", "{ password: '***', user: 'u' }"],
    ['authorization: Basic aHVudGVyMg==', 'authorization: Basic ***'],
    ['Bearer simmer_abcdefghijklmnopqrstuvwx', 'Bearer simmer_***'],
    ['the key simmer_abcdefghijklmnopqrstuvwx is gone', 'the key simmer_*** is gone'],
    ['signed with whsec_aHVudGVyMg==', 'signed with whsec_***'],
    ['AUTH PLAIN AHUAaHVudGVyMg==', 'AUTH PLAIN ***'],
    [
      '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----',
      '-----BEGIN PRIVATE KEY-----***-----END PRIVATE KEY-----',
    ],
    // Several in one text.
    [
      'postgres://u:hunter2@one/x, then redis://:hun@ter2@two, then https://hunter2@three.example/',
      'postgres://u:***@one/x, then redis://:***@two, then https://***@three.example/',
    ],
    [
      'connect postgres://u:hunter2@db/x failed\n    at postgres://u:hun/ter2@db/x (pg.js:1:2)',
      'connect postgres://u:***@db/x failed\n    at postgres://u:***@db/x (pg.js:1:2)',
    ],
    ['error:postgres://u:hunter2@db/x', 'error:postgres://u:***@db/x'],
  ])('%j loses its password', (text, shown) => {
    expect(redact(text)).toBe(shown);
    expect(redact(shown)).toBe(shown);
    expect(redact(`The database at ${text}`)).toBe(`The database at ${shown}`);
  });

  it.each([
    'postgres://db:5432/simmer',
    'postgres://u@db:5432/simmer',
    'postgres://[::1]:5432/simmer',
    'postgres://one:5432,two:5433/simmer',
    'redis://cache:6379/1',
    'smtp://mail.example:587?connections=4',
    'https://medium.example/@ann/feed',
    'http://localhost:3000/@ann',
    'https://news.example:8443/@ann',
    'https://news.example/?utm_source=mail&mail=ann@corp.example',
    'cannot reach https://news.example/, asked by ann@corp.example',
    'postgres://db/simmer: asked by ann@corp.example',
    'password authentication failed for user "simmer"',
    'wrong password: try again',
    'Key (email)=(ann@corp.example) already exists',
    'dedupe_key=sign-in:77',
    'SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string',
    'the token is over',
    'Basic information about the feed',
    'Authors: Ann and Bob',
    '192.0.2.7:5432',
    'file:///etc/simmer/dkim.pem',
    '    at connect (file:///app/node_modules/pg/lib/client.js:132:27)',
  ])('%j stays as it is', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('is read in time that grows with its length, not with its square', () => {
    const slow = [
      'a://',
      'a://b:',
      'a=',
      "password='",
      'postgres://u:p ',
      'x'.repeat(61),
      '-----BEGIN PRIVATE KEY-----',
      '@',
      'a.b-c=',
      'authorization: basic ',
    ];
    const cost = (text: string) => {
      const begin = process.cpuUsage().user;
      redact(text);
      return process.cpuUsage().user - begin;
    };
    for (const piece of slow) {
      const times = Math.ceil(40_000 / piece.length);
      cost(piece.repeat(times));
      const [once, fourfold] = [cost(piece.repeat(times)), cost(piece.repeat(times * 4))];
      expect(fourfold, piece).toBeLessThan(once * 10 + 100_000);
    }
  });
});

describe('what the settings hold', () => {
  it('is hidden wherever it turns up, encoded or not', () => {
    hideFromNowOn(['Tr0ub4dor & "3"/x', 'ab']);
    for (const text of [
      'Tr0ub4dor & "3"/x',
      encodeURIComponent('Tr0ub4dor & "3"/x'),
      'Tr0ub4dor & \\"3\\"/x',
    ])
      expect(redact(`getaddrinfo ENOTFOUND ${text}!`)).toBe('getaddrinfo ENOTFOUND ***!');
    expect(redact('about')).toBe('about');
  });
});

describe('a value with texts in it', () => {
  it('loses them in errors, their stacks, causes and parts, in lists and in fields', () => {
    const url = 'postgres://u:hun@ter2@db/x';
    const inner = Object.assign(new Error(`connect ${url}`), { command: { name: 'auth', args: ['x', url] } });
    const many = new AggregateError([inner, new Error(url)], `all of ${url}`);
    const outer = new Error(`cannot use ${url}`, { cause: many });
    const shown = JSON.stringify(
      redacted({ error: outer, list: [url, { deep: url }], password: 'hunter2', at: 7, none: null }),
    );
    expect(shown).not.toMatch(/hun@|ter2/);
    expect(shown).toContain('cannot use postgres://u:***@db/x');
    expect(shown).toContain('all of postgres://u:***@db/x');
    expect(shown).toContain('"password":"***","at":7,"none":null');
    expect(shown.match(/connect postgres:\/\/u:\*\*\*@db\/x/g)!.length).toBeGreaterThanOrEqual(2);
  });

  it('comes to an end in a circle', () => {
    const error = new Error('x');
    error.cause = error;
    expect(JSON.stringify(redacted(error))).toContain('…');
  });
});
