import { expect, it } from 'vitest';
import { howToGet, lacks } from '../support/services.ts';
import { MOST_HELD_SECONDS, soak } from './soak.ts';

// The same, larger: npm run soak (50,000 readers, 100 kills), or npm run soak -- READERS KILLS.
it.skipIf(lacks('redis-server'))(
  'workers, database, Redis and mail server are killed in the middle, and the mail server is ill: nobody gets a mail twice, none is lost, what was on the wire is listed, what the dead had in hand others take over',
  async () => {
    const report = await soak({ readers: 900, kills: 8, faster: 10 });
    expect(report).toMatchObject({ duplicates: 0, lost: 0, unknown: 0, miscounted: 0 });
    expect(report.uncertain - report.unanswered).toBeLessThanOrEqual(report.mostUncertain);
    // So many seconds of the clock: only that it ends. The larger form holds it to what is promised.
    expect(report.longestHeldSeconds).toBeLessThan(10 * MOST_HELD_SECONDS);
    expect(report.listed).toBe(report.uncertain);
    expect(report.mails + report.uncertain).toBeGreaterThanOrEqual(900);
    expect(Object.values(report.kills).every((times) => times > 0)).toBe(true);
  },
  // It takes ten seconds; a machine with much else to do may take its time.
  600_000,
);
if (lacks('redis-server')) console.warn(howToGet('redis-server'));
