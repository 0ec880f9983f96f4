import type { Links } from '../../../domain/links.ts';
import type { Programme } from '../../../domain/programme.ts';
import { isLate } from '../../../domain/scoring/apply-event.ts';
import type { LeadEvent } from '../../../domain/scoring/lead-event.ts';
import { NO_ACT_RULES } from '../../../domain/scoring/qualify.ts';
import type { ScoredLead } from '../../../domain/scoring/score.ts';
import type { CompiledRules } from '../../../domain/scoring/score-rules.ts';
import type { Stores } from '../../ports.ts';
import { openQualifications } from '../../sales/qualification/open-qualification.ts';
import type { LedgerStore, Recorded, ResolvedEvent } from '../ports/ledger.ts';
import { causeName, causesOf, eventContextsOf, mayQualify } from './look-ups.ts';
import { asksForInterests, rulesInForce } from './rules-in-force.ts';
import { scoreEvents } from './score-events.ts';

export interface LedgerDeps {
  programme: Programme;
  links: Pick<Links, 'absolute'>;
}

export type LedgerStores = Pick<
  Stores,
  'ledgerRows' | 'rules' | 'history' | 'qualifications' | 'subscribers' | 'outbox' | 'deliveries'
>;

/**
 * Events, the points they are worth and what follows from those, in the transaction of `stores`. `again`: the events that
 * these events are already, by lead event.
 */
export async function recordEvents(
  stores: LedgerStores,
  { programme, links }: LedgerDeps,
  leadEvents: readonly LeadEvent[],
  again?: ReadonlyMap<LeadEvent, number>,
): Promise<Recorded> {
  const { ledgerRows, qualifications } = stores;
  const found = await ledgerRows.resolve(leadEvents, {
    withInterests: asksForInterests(programme),
    isRecorded: again !== undefined,
  });
  const held = await ledgerRows.lockLeads([...new Set(found.map(({ subscriberId }) => subscriberId))]);
  // Read under the lock: a change of rules locks each lead too, after it holds, so every act is scored by either.
  const { book, version } = await rulesInForce(stores.rules, programme, links);
  const arrived = found
    .filter(({ subscriberId }) => held.has(subscriberId))
    // Within a batch the order of time is free to have; of the same moment the order of arrival stays.
    .sort((a, b) => a.leadEvent.at.getTime() - b.leadEvent.at.getTime());
  const capped = book.hasCaps ? await withRoundPoints(ledgerRows, held) : held;
  if (arrived.length === 0) return { qualified: [] };
  const leads = await withActs(ledgerRows, capped, arrived, book);
  // Before the events are written: a sent mail counts by its event.
  const causes = await ledgerRows.countedBefore(causesOf(arrived, leads, book));
  const counted = new Map(
    causes.map(({ subscriberId, dedupeKey, at }) => [causeName(subscriberId, dedupeKey), at]),
  );
  const contexts = eventContextsOf(arrived, leads, (name) => counted.has(name));
  const ids = again
    ? arrived.map(({ leadEvent }) => again.get(leadEvent)!)
    : await ledgerRows.insertEvents(arrived, contexts);
  const known = arrived.flatMap((one, at) => {
    const eventId = ids[at] ?? null;
    return eventId === null ? [] : [{ ...one, eventId, found: contexts[at]! }];
  });
  const faded = book.scoring.halfLifeDays === null ? null : await stores.history.fadedUntil();
  const late = known.filter(
    ({ leadEvent, subscriberId }) =>
      isLate(leads.get(subscriberId)!, leadEvent, book) || (faded !== null && leadEvent.at.getTime() < faded),
  );
  const histories = await ledgerRows.histories([...new Set(late.map(({ subscriberId }) => subscriberId))]);

  const scored = scoreEvents(known, { leads, counted, histories, isAgain: again !== undefined }, book);

  await ledgerRows.writeStages(scored.foundOtherwise);
  await ledgerRows.insertEntries(scored.entries, version);
  await ledgerRows.updateLeads(scored.changes);
  const qualified = await openQualifications(stores, scored.crossings, programme);
  await qualifications.expediteAlerts(scored.callRequests);
  await qualifications.postponeAlerts(scored.doubts, programme.sales.holdMs);
  return { qualified };
}

type Leads = ReadonlyMap<number, ScoredLead>;

/** With what each rule gave in this round: for caps. */
async function withRoundPoints(rows: LedgerStore, leads: Leads): Promise<Leads> {
  const given = await rows.roundPoints([...leads.keys()]);
  return new Map([...leads].map(([id, lead]) => [id, { ...lead, roundPoints: given.get(id) ?? new Map() }]));
}

/**
 * Notes of those leads that could become an SQL now whether they did more than open mails since sales had them last, and how
 * much of their score is in doubt. They are few, so mostly this asks nothing.
 */
async function withActs(
  rows: LedgerStore,
  leads: Leads,
  arrived: readonly ResolvedEvent[],
  book: CompiledRules,
): Promise<Leads> {
  const near = mayQualify(arrived, leads, book);
  if (near.length === 0) return leads;
  const acted = await rows.actedSinceReturn(near, NO_ACT_RULES);
  const doubts = await rows.doubtsSinceReturn(near);
  const noted = new Map(leads);
  for (const id of near)
    noted.set(id, { ...leads.get(id)!, hasActed: acted.has(id), inDoubt: doubts.get(id) ?? new Map() });
  return noted;
}
