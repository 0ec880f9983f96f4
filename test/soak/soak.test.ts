import { expect, it } from 'vitest';
import { howToGet, lacks } from '../support/services.ts';
import { soak } from './soak.ts';

// The same, larger: npm run soak (50,000 readers, 100 kills), or npm run soak -- READERS KILLS.
it.skipIf(lacks('redis-server'))(
  'workers, database, Redis and mail server are killed in the middle: nobody gets a mail twice, none is lost, what was on the wire is listed',
  async () => {
    const report = await soak({ readers: 900, kills: 8 });
    expect(report).toMatchObject({ duplicates: 0, lost: 0, unknown: 0, miscounted: 0 });
    expect(report.uncertain).toBeLessThanOrEqual(report.mostUncertain);
    expect(report.listed).toBe(report.uncertain);
    expect(report.mails + report.uncertain).toBeGreaterThanOrEqual(900);
    expect(Object.values(report.kills).every((times) => times > 0)).toBe(true);
  },
  // It takes ten seconds; a machine with much else to do may take its time.
  600_000,
);
if (lacks('redis-server')) console.warn(howToGet('redis-server'));
