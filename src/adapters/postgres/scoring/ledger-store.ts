import { type KeepAddress, shortenAddress } from '../../../domain/tracking/network.ts';
import type { LedgerStore } from '../../../journey/scoring/ports/ledger.ts';
import type { Queryable } from '../pool.ts';
import { actedSinceReturn, doubtsSinceReturn } from './ledger-acts.ts';
import { changeClasses, correctLeads, sameActs, standingEntries, writeReversals } from './ledger-classes.ts';
import { insertEvents, readLeadEvents } from './ledger-events.ts';
import { lockLeads, roundPoints, updateLeads } from './ledger-leads.ts';
import { readLedgerHistories } from './ledger-past.ts';
import { countedBefore, insertEntries, resolve, writeStages } from './ledger-rows.ts';

/** The rows of the ledger. `keepAddress`: what is kept of a network address. */
export function ledgerStore(db: Queryable, keepAddress: KeepAddress = shortenAddress): LedgerStore {
  return {
    resolve: (leadEvents, options) => resolve(db, leadEvents, options),
    lockLeads: (ids) => lockLeads(db, ids),
    roundPoints: (ids) => roundPoints(db, ids),
    actedSinceReturn: (ids, noActs) => actedSinceReturn(db, ids, noActs),
    doubtsSinceReturn: (ids) => doubtsSinceReturn(db, ids),
    countedBefore: (causes) => countedBefore(db, causes),
    histories: (ids) => readLedgerHistories(db, ids),
    insertEvents: (resolved, contexts) => insertEvents(db, resolved, keepAddress, contexts),
    writeStages: (contexts) => writeStages(db, contexts),
    insertEntries: (entries, version) => insertEntries(db, entries, version),
    updateLeads: (changes) => updateLeads(db, changes),
    readLeadEvents: (ids) => readLeadEvents(db, ids),
    changeClasses: (changes, at) => changeClasses(db, changes, at),
    standingEntries: (eventIds, noActs) => standingEntries(db, eventIds, noActs),
    writeReversals: (reversals, at, version) => writeReversals(db, reversals, at, version),
    correctLeads: (ids, at) => correctLeads(db, ids, at),
    sameActs: (machineEventIds) => sameActs(db, machineEventIds),
  };
}
