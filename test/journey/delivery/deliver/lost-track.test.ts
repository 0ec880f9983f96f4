import { afterEach, beforeEach, expect, it } from 'vitest';
import { silentLog } from '../../../../src/adapters/log.ts';
import { workerStore } from '../../../../src/adapters/postgres/delivery/worker-store.ts';
import { smtpMailSender } from '../../../../src/adapters/smtp/mail-sender.ts';
import { deliverIssues } from '../../../../src/journey/delivery/deliver/deliver-issues.ts';
import type { DeliveryStore, MailSender } from '../../../../src/journey/delivery/ports/deliveries.ts';
import type { WireMailSender } from '../../../../src/journey/delivery/ports/wire.ts';
import { emptyHands } from '../../../../src/journey/worker-ports.ts';
import { type TestDatabase, testDatabase } from '../../../support/database.ts';
import { issueForReaders, statuses } from '../../../support/issues.ts';
import { present } from '../../../support/present.ts';
import { testProgramme, testSecrets } from '../../../support/programme.ts';
import { startSmtpServer, type TestSmtpServer } from '../../../support/smtp-server.ts';
import { testWriter } from '../../../support/writer.ts';

const READERS = 60;
const programme = testProgramme();
let db: TestDatabase;
let server: TestSmtpServer;
let sender: MailSender & WireMailSender;
beforeEach(async () => {
  db = await testDatabase();
  server = await startSmtpServer();
  sender = smtpMailSender({
    url: `${server.url}?connections=4`,
    production: false,
    from: programme.brand.from,
  });
});
afterEach(async () => {
  await sender.close();
  await server.close();
  await db.close();
});

function deliver(
  issueId: number,
  worker: string,
  inHand: Set<number>,
  changed: Partial<DeliveryStore> = {},
  hold?: () => () => boolean,
) {
  const { deliveries, issues, ledger, pace } = db.database.stores;
  const deps = {
    deliveries: { ...deliveries, ...changed },
    issues,
    ledger,
    pace,
    writer: testWriter(),
    sender,
    programme,
    secrets: testSecrets,
    random: Math.random,
    log: silentLog,
    inHand,
    ...(hold ? { hold } : {}),
  };
  return deliverIssues(deps, { issueIds: new Set([issueId]), worker }, () => new Date());
}

it('a claim whose answer is lost, as Postgres is cut, is free again though its worker lives', async () => {
  const issueId = await issueForReaders(db, READERS, new Date());
  const { deliveries } = db.database.stores;
  const inHand = emptyHands();
  // Thirty seconds are half a second here.
  const presence = await present(db, 60, inHand);
  try {
    const cut: Partial<DeliveryStore> = {
      async claim(...args) {
        await deliveries.claim(...args);
        throw new Error('Connection terminated unexpectedly');
      },
    };
    await expect(deliver(issueId, presence.name, inHand.batches, cut)).rejects.toThrow('terminated');
    expect(await statuses(db, issueId)).toEqual({ claimed: READERS });
    await expect.poll(() => statuses(db, issueId), { timeout: 20_000 }).toEqual({ planned: READERS });
    await deliver(issueId, presence.name, inHand.batches, {}, presence.hold);
  } finally {
    await presence.stop();
  }
  expect(await statuses(db, issueId)).toEqual({ sent: READERS });
  expect(new Set(server.mails.map(({ to }) => to)).size).toBe(server.mails.length);
});

it('so is what could not be handed back when a run broke off', async () => {
  const issueId = await issueForReaders(db, READERS, new Date());
  const inHand = emptyHands();
  const presence = await present(db, 60, inHand);
  try {
    const away = async () => {
      throw new Error('Connection terminated unexpectedly');
    };
    await expect(
      deliver(issueId, presence.name, inHand.batches, { postpone: away, handBack: away, closeBatch: away }),
    ).rejects.toThrow('terminated');
    expect(inHand.batches.size, 'nobody works on it').toBe(0);
    const uncounted = async () =>
      (await db.pool.query('select id from batches where counted_at is null')).rows.length;
    expect(await uncounted()).toBe(1);
    await expect.poll(uncounted, { timeout: 20_000 }).toBe(0);
  } finally {
    await presence.stop();
  }
});

it('what is in hand is not given up, however long it takes', async () => {
  const issueId = await issueForReaders(db, READERS, new Date());
  const { deliveries } = db.database.stores;
  const workers = workerStore(db.pool);
  const inHand = emptyHands();
  const given: number[] = [];
  await deliver(issueId, 'slow', inHand.batches, {
    async advance(...args) {
      const times = { graceMs: 0, mailLeaseMs: 0 };
      given.push(await workers.endLostLeases('slow', inHand, times, new Date(Date.now() + 60_000)));
      return deliveries.advance(...args);
    },
  });
  expect(given.length).toBeGreaterThan(0);
  expect(given.every((times) => times === 0)).toBe(true);
  expect(inHand.batches.size).toBe(0);
  expect(await statuses(db, issueId)).toEqual({ sent: READERS });
});
