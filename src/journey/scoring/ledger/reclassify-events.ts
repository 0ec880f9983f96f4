import { correctionEntries } from '../../../domain/scoring/apply-event.ts';
import { balance } from '../../../domain/scoring/ledger-balance.ts';
import { reversalOf } from '../../../domain/scoring/reversal.ts';
import { BALANCING_RULES } from '../../../domain/scoring/score-rules.ts';
import type { ClassChange, LedgerStore, Recorded } from '../ports/ledger.ts';
import { type LedgerDeps, type LedgerStores, recordEvents } from './record-events.ts';
import { type RulesInForce, rulesInForce } from './rules-in-force.ts';

/**
 * Changes what events are taken for, takes back the points of machines and counts what people did anew. The leads have to
 * be held.
 */
export async function reclassifyEvents(
  stores: LedgerStores,
  deps: LedgerDeps,
  changes: readonly ClassChange[],
  at: Date,
): Promise<Recorded> {
  const { ledgerRows } = stores;
  const rules = await rulesInForce(stores.rules, deps.programme, deps.links);
  const changed = await ledgerRows.changeClasses(changes, at);
  if (changed.length === 0) return { qualified: [] };
  const machines = changed.flatMap((event) => (event.class === 'machine' ? [event.id] : []));
  // What balanced the score then is balanced anew below.
  const entries = await ledgerRows.standingEntries(machines, Object.keys(BALANCING_RULES));
  await ledgerRows.writeReversals(entries.map(reversalOf), at, rules.version);
  const leads = [...new Set(entries.map(({ subscriberId }) => subscriberId))];
  await balanceLedgers(ledgerRows, leads, `taken back ${entries.at(-1)?.id ?? 0}`, at, rules);
  await ledgerRows.correctLeads([...new Set(changed.map(({ subscriberId }) => subscriberId))], at);
  const persons = changed.flatMap((event) => (event.class === 'machine' ? [] : [event.id]));
  // The machine's counted, and now what people did after it does.
  const anew = [...persons, ...(await ledgerRows.sameActs(machines))];
  if (anew.length === 0) return { qualified: [] };
  const again = await ledgerRows.readLeadEvents(anew);
  return recordEvents(stores, deps, [...again.keys()], again);
}

/** Floor and fading are worked out anew, as if what was taken back had never been. */
async function balanceLedgers(
  rows: LedgerStore,
  leads: readonly number[],
  trigger: string,
  at: Date,
  { book: { scoring }, version }: RulesInForce,
): Promise<void> {
  if (leads.length === 0) return;
  const histories = await rows.histories(leads);
  const entries = leads.flatMap((subscriberId) => {
    const { lines, fadedUntil } = histories.get(subscriberId)!;
    const { corrections } = balance(lines, scoring, fadedUntil);
    return correctionEntries(corrections, trigger, at, scoring.floor).map((entry) => ({
      ...entry,
      subscriberId,
      eventId: null,
    }));
  });
  await rows.insertEntries(entries, version);
}
