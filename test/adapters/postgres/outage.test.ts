import { expect, it } from 'vitest';
import { quietWhileAway } from '../../../src/adapters/log.ts';
import { isAway } from '../../../src/adapters/postgres/database-fault.ts';
import { watchOutage } from '../../../src/adapters/postgres/outage.ts';
import { makePool } from '../../../src/adapters/postgres/pool.ts';
import { transactional } from '../../../src/adapters/postgres/transaction.ts';
import { StoreAway } from '../../../src/domain/store-away.ts';
import { testDatabase } from '../../support/database.ts';

const REFUSED = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });

function rememberingLog() {
  const lines: string[] = [];
  const write = (level: string) => (_details: object, message: string) => {
    lines.push(`${level}: ${message}`);
  };
  return {
    lines,
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
  };
}

it.each([
  [{ code: 'ECONNREFUSED' }, true],
  [{ code: 'EAI_AGAIN' }, true],
  [{ code: 'ENOENT', syscall: 'connect' }, true],
  [{ code: '57P01', message: 'terminating connection due to administrator command' }, true],
  [{ code: '57P03', message: 'the database system is in recovery mode' }, true],
  [{ message: 'Connection terminated unexpectedly' }, true],
  [{ message: 'timeout exceeded when trying to connect' }, true],
  [{ code: '23505', message: 'duplicate key value' }, false],
  [{ code: 'ENOENT', syscall: 'open' }, false],
  [{ message: 'the mail server went away' }, false],
  [null, false],
])('%j: away %s', (error, away) => {
  expect(isAway(error)).toBe(away);
});

it('is told once when it begins and once when it is over, whoever asks how often', () => {
  const { lines, log } = rememberingLog();
  let now = 0;
  const outage = watchOutage(log, () => now);
  const late = outage.asking();
  for (let n = 0; n < 100; n += 1) expect(outage.seen(REFUSED)).toBeInstanceOf(StoreAway);
  late();
  expect(lines, 'an answer to what was asked before says nothing').toHaveLength(1);
  now = 4_000;
  for (let n = 0; n < 3; n += 1) outage.asking()();
  expect(lines).toEqual([
    'error: the database is away: clicks land, all else waits until it is back',
    'info: the database answers again',
  ]);
  const other = new Error('duplicate key');
  expect(outage.seen(other)).toBe(other);
});

it('lines of those whose work waits for it are left out, all others stay', () => {
  const { lines, log } = rememberingLog();
  const quiet = quietWhileAway(log);
  const away = new StoreAway(REFUSED);
  quiet.error({ err: away, step: 'plan issues' }, 'a step failed');
  quiet.warn({ error: away.message }, 'could not write');
  quiet.warn({ error: String(away) }, 'could not be taken in');
  quiet.error({ err: new Error('divided by zero') }, 'a step failed');
  quiet.warn({ error: 'connect ECONNREFUSED 127.0.0.1:25' }, 'the mail server cannot be reached');
  quiet.info({ error: away.message }, 'for your information');
  expect(lines).toEqual([
    'debug: a step failed',
    'debug: could not write',
    'debug: could not be taken in',
    'error: a step failed',
    'warn: the mail server cannot be reached',
    'info: for your information',
  ]);
});

it('a pool and a transaction say that the database is away, and go on when it is there', async () => {
  const { lines, log } = rememberingLog();
  const nowhere = makePool('postgres://simmer:x@127.0.0.1:9/simmer', log);
  await expect(nowhere.query('select 1')).rejects.toBeInstanceOf(StoreAway);
  await expect(transactional(nowhere, (tx) => tx.query('select 1'))).rejects.toBeInstanceOf(StoreAway);
  await nowhere.end();
  expect(lines).toHaveLength(1);

  const db = await testDatabase();
  const cut = transactional(db.pool, async (tx) => {
    const { rows } = await tx.query('select pg_backend_pid() as pid');
    await db.pool.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
    await tx.query('select 1');
  });
  await expect(cut).rejects.toBeInstanceOf(StoreAway);
  expect((await db.pool.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
  await expect(db.pool.query('select 1/0')).rejects.toThrow('division by zero');
  await db.close();
});
