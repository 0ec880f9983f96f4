import { countLeftBatch, countSent } from './ledger/count-sent.ts';
import { reclassifyEvents } from './ledger/reclassify-events.ts';
import { type LedgerDeps, type LedgerStores, recordEvents } from './ledger/record-events.ts';
import { rulesInForce } from './ledger/rules-in-force.ts';
import type { Ledger } from './ports/ledger.ts';

/** Runs `work` with the stores of one transaction: of the one that is open, else of a new one. */
export type WithinTransaction = <T>(work: (stores: LedgerStores) => Promise<T>) => Promise<T>;

/** Keeps the ledger by the rules of this programme, in whatever transaction the stages have. */
export function ledgerBy(deps: LedgerDeps): (within: WithinTransaction) => Ledger {
  return (within) => ({
    record: (leadEvents) =>
      leadEvents.length === 0
        ? Promise.resolve({ qualified: [] })
        : within((stores) => recordEvents(stores, deps, leadEvents)),
    async countSent(mails) {
      if (mails.length > 0) await within((stores) => countSent(stores, deps, mails));
    },
    async countLeft(now) {
      let counted = 0;
      for (;;) {
        const found = await within((stores) => countLeftBatch(stores, deps, now));
        if (found === null) return counted;
        counted += found;
      }
    },
    reclass: (changes, at) => within((stores) => reclassifyEvents(stores, deps, changes, at)),
    note: (line) =>
      within(async ({ ledgerRows, rules }) => {
        const { version } = await rulesInForce(rules, deps.programme, deps.links);
        await ledgerRows.insertEntries([{ ...line, points: 0, eventId: null }], version);
      }),
  });
}
