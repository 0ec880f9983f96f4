import type { Links } from '../../../domain/links.ts';
import type { Programme } from '../../../domain/programme.ts';
import {
  applyEvent,
  isLate,
  type LedgerHistory,
  lineOf,
  sureNow,
} from '../../../domain/scoring/apply-event.ts';
import type { LeadEvent } from '../../../domain/scoring/lead-event.ts';
import { causeOfKey, type LedgerLine } from '../../../domain/scoring/ledger-balance.ts';
import { isDoubted } from '../../../domain/scoring/qualify.ts';
import { dedupeKey, ruleOfEvent, type ScoredLead } from '../../../domain/scoring/score.ts';
import type { CompiledRules } from '../../../domain/scoring/score-rules.ts';
import { cut } from '../../../domain/text.ts';
import type { Browser } from '../../../domain/tracking/mail-hit.ts';
import { type KeepAddress, shortenAddress } from '../../../domain/tracking/network.ts';
import type { LedgerStore, Recorded } from '../../../journey/scoring/ports/ledger.ts';
import { holdMails, mailsOfBrowser, notePress } from '../delivery/held-mails.ts';
import type { Queryable } from '../pool.ts';
import {
  type CrossingRow,
  expediteAlerts,
  openQualifications,
  postponeAlerts,
} from '../sales/qualification-rows.ts';
import { transactional } from '../transaction.ts';
import { recordActs } from './ledger-acts.ts';
import { reclass } from './ledger-classes.ts';
import { insertEvents, readLeadEvents } from './ledger-events.ts';
import { addRoundPoints, type LeadChange, lockLeads, updateLeads } from './ledger-leads.ts';
import { fadedUntil, readLedgerHistories } from './ledger-past.ts';
import {
  type Causes,
  causeName,
  countedBefore,
  type EntryRow,
  type EventContext,
  eventContextsOf,
  insertEntries,
  type Resolved,
  recordEventContexts,
  resolve,
} from './ledger-rows.ts';
import { asksForInterests, rulesInForce } from './rules-in-force.ts';

export function ledgerStore(
  db: Queryable,
  programme: Programme,
  links: Links,
  keepAddress: KeepAddress = shortenAddress,
): LedgerStore {
  /** As it is kept with events. */
  const kept = ({ network, agent }: Browser): Browser => ({
    network: keepAddress(network),
    agent: agent === null ? null : cut(agent, 500),
  });
  return {
    record: (leadEvents) =>
      leadEvents.length === 0
        ? Promise.resolve({ qualified: [] })
        : transactional(db, (tx) => record(tx, leadEvents)),
    holdMails: (deliveryIds, span, reachMs) => holdMails(db, deliveryIds, span, reachMs),
    note: async (line) => {
      const { version } = await rulesInForce(db, programme, links);
      await insertEntries(db, [{ ...line, points: 0, eventId: null }], version);
    },
    notePress: (subscriberId, browser, at) => notePress(db, subscriberId, kept(browser), at),
    mailsOfBrowser: (subscriberId, browser, since) => mailsOfBrowser(db, subscriberId, kept(browser), since),
    reclass: (changes, at) =>
      transactional(db, async (tx) => {
        const { book, version } = await rulesInForce(tx, programme, links);
        const persons = await reclass(tx, changes, at, { ...book.scoring, version });
        if (persons.length === 0) return { qualified: [] };
        const again = await readLeadEvents(tx, persons);
        return record(tx, [...again.keys()], again);
      }),
  };

  /** `again`: the events that these events are already, by lead event. */
  async function record(
    tx: Queryable,
    leadEvents: readonly LeadEvent[],
    again?: ReadonlyMap<LeadEvent, number>,
  ): Promise<Recorded> {
    const found = await resolve(tx, leadEvents, asksForInterests(programme), again !== undefined);
    const leads = await lockLeads(tx, [...new Set(found.map(({ subscriberId }) => subscriberId))]);
    // Read under the lock: a change of rules locks each lead too, after it holds, so every act is scored by either.
    const { book, version } = await rulesInForce(tx, programme, links);
    if (book.hasCaps) await addRoundPoints(tx, leads);
    const arrived = found
      .filter(({ subscriberId }) => leads.has(subscriberId))
      // Within a batch the order of time is free to have; of the same moment the order of arrival stays.
      .sort((a, b) => a.leadEvent.at.getTime() - b.leadEvent.at.getTime());
    if (arrived.length === 0) return { qualified: [] };
    await recordActs(tx, leads, arrived, book);
    // Before the events are written: a sent mail counts by its event.
    const counted = await countedBefore(tx, causesOf(arrived, leads, book));
    const circumstances = eventContextsOf(arrived, leads, (key) => counted.has(key));
    const written = again
      ? arrived.map(({ leadEvent }) => again.get(leadEvent)!)
      : await insertEvents(tx, arrived, keepAddress, circumstances);
    const known = arrived.flatMap((one, at) =>
      written[at] === null ? [] : [{ ...one, eventId: written[at]!, found: circumstances[at]! }],
    );
    const faded = book.scoring.halfLifeDays === null ? null : await fadedUntil(tx);
    const late = known.filter(
      ({ leadEvent, subscriberId }) =>
        isLate(leads.get(subscriberId)!, leadEvent, book) || (faded !== null && leadEvent.at < faded),
    );
    const pasts = await readLedgerHistories(tx, [...new Set(late.map(({ subscriberId }) => subscriberId))]);

    const entries: EntryRow[] = [];
    const crossings: CrossingRow[] = [];
    const changes = new Map<number, LeadChange>();
    const foundOtherwise: EventContext[] = [];
    const wishes: { subscriberId: number; at: Date }[] = [];
    const doubted: { subscriberId: number; at: Date }[] = [];
    // One after the other: what an event is worth depends on those before it.
    for (const { leadEvent, subscriberId, link, eventId, found } of known) {
      const before = leads.get(subscriberId)!;
      const past = pasts.get(subscriberId) ?? null;
      const countedSince = (key: string) => counted.get(causeName(subscriberId, key)) ?? false;
      const told = applyEvent(before, leadEvent, link, countedSince, book, past);
      const isCounted =
        again !== undefined && told.entries.length === 0 && told.qualificationTrigger === null;
      const rule = isCounted && isOfRound(past, leadEvent) ? ruleOfEvent(leadEvent, link, book) : null;
      const taken = isCounted ? sureNow(told, leadEvent, rule, book) : told;
      if (leadEvent.kind === 'mail-sent' && found.stage !== before.stage)
        foundOtherwise.push({ ...found, stage: before.stage, eventId });
      for (const { dedupeKey: key } of taken.entries)
        counted.set(causeName(subscriberId, causeOfKey(key)), leadEvent.at);
      if (leadEvent.kind === 'mail-sent')
        counted.set(causeName(subscriberId, `mail:d${leadEvent.deliveryId}`), leadEvent.at);
      entries.push(...taken.entries.map((entry) => ({ ...entry, subscriberId, eventId })));
      if (past) pasts.set(subscriberId, { ...past, lines: withLines(past, taken.entries.map(lineOf)) });
      // Another form proves a person, but not that the clicks before it were one's: those wait out their window.
      const isWish = leadEvent.kind === 'form' && ruleOfEvent(leadEvent, link, book)?.sqlAtOnce;
      if (isWish && before.hasOpenQualification) wishes.push({ subscriberId, at: leadEvent.at });
      if (before.hasOpenQualification && isDoubted(leadEvent))
        doubted.push({ subscriberId, at: leadEvent.at });
      if (taken.qualificationTrigger)
        crossings.push({ subscriberId, at: leadEvent.at, qualificationTrigger: taken.qualificationTrigger });
      leads.set(subscriberId, taken.lead);
      const change = changes.get(subscriberId);
      const actedAt = latest(change?.actedAt ?? null, actTime(leadEvent));
      if (taken.lead !== before || actedAt)
        changes.set(subscriberId, { before: change?.before ?? before, lead: taken.lead, actedAt });
    }

    await recordEventContexts(tx, foundOtherwise);
    await insertEntries(tx, entries, version);
    await updateLeads(tx, [...changes.values()]);
    const qualified = await openQualifications(tx, crossings, programme);
    await expediteAlerts(tx, wishes);
    await postponeAlerts(tx, doubted, programme.sales.holdMs);
    return { qualified };
  }
}

/** Whether it belongs to the present round of warming. */
const isOfRound = (past: LedgerHistory | null, { at }: LeadEvent) =>
  past?.returnedAt == null || at >= past.returnedAt;

/** In order of time, as balancing wants them. */
function withLines(past: LedgerHistory, lines: readonly LedgerLine[]): LedgerLine[] {
  return [...past.lines, ...lines].sort((a, b) => a.at - b.at);
}

function causesOf(
  arrived: readonly Resolved[],
  leads: ReadonlyMap<number, ScoredLead>,
  book: CompiledRules,
): Causes {
  const causes: Causes = { entries: [], sentDeliveryIds: [] };
  for (const { leadEvent, subscriberId, link } of arrived) {
    if (leadEvent.kind === 'mail-sent') {
      causes.sentDeliveryIds.push(leadEvent.deliveryId);
      continue;
    }
    const key = dedupeKey(leadEvent, leads.get(subscriberId)!.round, ruleOfEvent(leadEvent, link, book));
    if (key !== null) causes.entries.push({ subscriberId, dedupeKey: key });
  }
  return causes;
}

/** When the lead itself did something: our mails, machines and what sales says are no acts of the lead. */
function actTime(leadEvent: LeadEvent): Date | null {
  if (leadEvent.kind === 'mail-sent' || leadEvent.kind === 'returned') return null;
  return 'verdict' in leadEvent && leadEvent.verdict?.class === 'machine' ? null : leadEvent.at;
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
