import type { Programme } from '../../domain/programme.ts';
import { correctionEntries } from '../../domain/scoring/apply-event.ts';
import { balance, startOfDay } from '../../domain/scoring/ledger-balance.ts';
import { scoreRules } from '../../domain/scoring/score-rules.ts';
import type { Database } from '../ports.ts';
import { programmeInForce } from './ledger/rules-in-force.ts';

const LEADS_AT_ONCE = 500;
const DAY_MS = 86_400_000;

/**
 * Writes what acts have lost in worth until this day (UTC): an entry in each ledger that lost something, dated at the
 * day's first moment. Once a day; a second call finds nothing to do. Says for how many leads.
 */
export async function fadeScores(
  { database, programme }: { database: Database; programme: Programme },
  now: Date,
): Promise<{ leads: number }> {
  const { rules, history } = database.stores;
  const { scoring, ...present } = await programmeInForce(rules, programme);
  const today = startOfDay(now.getTime());
  if (scoring.halfLifeDays === null || (await history.fadedUntil()) === today) return { leads: 0 };
  const most = Math.max(1, ...scoreRules({ ...present, scoring }).map(({ points }) => points));
  // Older points are worth nothing any more, and lost that on the day they became so; a week for days that were missed.
  const oldest = new Date(today - (Math.ceil(scoring.halfLifeDays * Math.log2(2 * most)) + 8) * DAY_MS);
  let leads = 0;
  for (let after = 0; ; ) {
    const ids = await rules.leadsToFade(after, oldest, LEADS_AT_ONCE);
    if (ids.length === 0) break;
    await database.inTransaction(async (stores) => {
      const held = await stores.rules.holdLedgers(ids);
      const entries = held.flatMap(({ id, lines }) => {
        const { corrections } = balance(lines, scoring, today);
        const trigger = `${new Date(today).toISOString().slice(0, 10)} ${lines.length}`;
        return correctionEntries(corrections, trigger, new Date(today), scoring.floor).map((entry) => ({
          ...entry,
          subscriberId: id,
          eventId: null,
        }));
      });
      await stores.rules.writeRescored(entries, null, scoring.version);
      leads += new Set(entries.map(({ subscriberId }) => subscriberId)).size;
    });
    after = ids.at(-1)!;
  }
  await rules.noteFaded(new Date(today), now);
  return { leads };
}
