import { causeOfKey, type LedgerLine } from '../../domain/engagement/balance.ts';
import type { Happening } from '../../domain/engagement/happening.ts';
import type { Browser } from '../../domain/engagement/mail-hit.ts';
import { type KeepAddress, shortenAddress } from '../../domain/engagement/network.ts';
import { isDoubted } from '../../domain/engagement/qualify.ts';
import type { ScoreBook } from '../../domain/engagement/rules.ts';
import { onceKey, ruleOfHappening, type ScoredLead } from '../../domain/engagement/score.ts';
import { isLate, lineOf, type Past, sureNow, takeIn } from '../../domain/engagement/take-in.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import { cut } from '../../domain/text.ts';
import type { LedgerStore, Recorded } from '../../journey/engagement/ports.ts';
import { holdMails, mailsOfBrowser, notePress } from './held-mails.ts';
import { noteActs } from './ledger-acts.ts';
import { reclass } from './ledger-classes.ts';
import { insertEvents, readHappenings } from './ledger-events.ts';
import { addRoundPoints, type LeadChange, lockLeads, updateLeads } from './ledger-leads.ts';
import { fadedUntil, readPasts } from './ledger-past.ts';
import {
  type Causes,
  type Circumstance,
  causeName,
  circumstancesOf,
  countedBefore,
  type EntryRow,
  insertEntries,
  noteCircumstances,
  type Resolved,
  resolve,
} from './ledger-rows.ts';
import type { Queryable } from './pool.ts';
import { type CrossingRow, hastenAlerts, openQualifications, postponeAlerts } from './qualification-rows.ts';
import { asksForInterests, rulesInForce } from './rules-in-force.ts';
import { transactional } from './transaction.ts';

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
    record: (happenings) =>
      happenings.length === 0
        ? Promise.resolve({ qualified: [] })
        : transactional(db, (tx) => record(tx, happenings)),
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
        const again = await readHappenings(tx, persons);
        return record(tx, [...again.keys()], again);
      }),
  };

  /** `again`: the events that these happenings are already, by happening. */
  async function record(
    tx: Queryable,
    happenings: readonly Happening[],
    again?: ReadonlyMap<Happening, number>,
  ): Promise<Recorded> {
    const found = await resolve(tx, happenings, asksForInterests(programme), again !== undefined);
    const leads = await lockLeads(tx, [...new Set(found.map(({ subscriberId }) => subscriberId))]);
    // Read under the lock: a change of rules locks each lead too, after it holds, so every act is scored by either.
    const { book, version } = await rulesInForce(tx, programme, links);
    if (book.hasCaps) await addRoundPoints(tx, leads);
    const arrived = found
      .filter(({ subscriberId }) => leads.has(subscriberId))
      // Within a batch the order of time is free to have; of the same moment the order of arrival stays.
      .sort((a, b) => a.happening.at.getTime() - b.happening.at.getTime());
    if (arrived.length === 0) return { qualified: [] };
    await noteActs(tx, leads, arrived, book);
    // Before the events are written: a sent mail counts by its event.
    const counted = await countedBefore(tx, causesOf(arrived, leads, book));
    const circumstances = circumstancesOf(arrived, leads, (key) => counted.has(key));
    const written = again
      ? arrived.map(({ happening }) => again.get(happening)!)
      : await insertEvents(tx, arrived, keepAddress, circumstances);
    const known = arrived.flatMap((one, at) =>
      written[at] === null ? [] : [{ ...one, eventId: written[at]!, found: circumstances[at]! }],
    );
    const faded = book.scoring.halfLifeDays === null ? null : await fadedUntil(tx);
    const late = known.filter(
      ({ happening, subscriberId }) =>
        isLate(leads.get(subscriberId)!, happening, book) || (faded !== null && happening.at < faded),
    );
    const pasts = await readPasts(tx, [...new Set(late.map(({ subscriberId }) => subscriberId))]);

    const entries: EntryRow[] = [];
    const crossings: CrossingRow[] = [];
    const changes = new Map<number, LeadChange>();
    const foundOtherwise: Circumstance[] = [];
    const wishes: { subscriberId: number; at: Date }[] = [];
    const doubted: { subscriberId: number; at: Date }[] = [];
    // One after the other: what a happening is worth depends on those before it.
    for (const { happening, subscriberId, link, eventId, found } of known) {
      const before = leads.get(subscriberId)!;
      const past = pasts.get(subscriberId) ?? null;
      const countedSince = (key: string) => counted.get(causeName(subscriberId, key)) ?? false;
      const told = takeIn(before, happening, link, countedSince, book, past);
      const isCounted = again !== undefined && told.entries.length === 0 && told.crossing === null;
      const rule = isCounted && isOfRound(past, happening) ? ruleOfHappening(happening, link, book) : null;
      const taken = isCounted ? sureNow(told, happening, rule, book) : told;
      if (happening.kind === 'mail-sent' && found.stage !== before.stage)
        foundOtherwise.push({ ...found, stage: before.stage, eventId });
      for (const { onceKey: key } of taken.entries)
        counted.set(causeName(subscriberId, causeOfKey(key)), happening.at);
      if (happening.kind === 'mail-sent')
        counted.set(causeName(subscriberId, `mail:d${happening.deliveryId}`), happening.at);
      entries.push(...taken.entries.map((entry) => ({ ...entry, subscriberId, eventId })));
      if (past) pasts.set(subscriberId, { ...past, lines: withLines(past, taken.entries.map(lineOf)) });
      // Another form proves a person, but not that the clicks before it were one's: those wait out their window.
      const isWish = happening.kind === 'form' && ruleOfHappening(happening, link, book)?.sqlAtOnce;
      if (isWish && before.hasOpenQualification) wishes.push({ subscriberId, at: happening.at });
      if (before.hasOpenQualification && isDoubted(happening))
        doubted.push({ subscriberId, at: happening.at });
      if (taken.crossing) crossings.push({ subscriberId, at: happening.at, crossing: taken.crossing });
      leads.set(subscriberId, taken.lead);
      const change = changes.get(subscriberId);
      const actedAt = latest(change?.actedAt ?? null, actTime(happening));
      if (taken.lead !== before || actedAt)
        changes.set(subscriberId, { before: change?.before ?? before, lead: taken.lead, actedAt });
    }

    await noteCircumstances(tx, foundOtherwise);
    await insertEntries(tx, entries, version);
    await updateLeads(tx, [...changes.values()]);
    const qualified = await openQualifications(tx, crossings, programme);
    await hastenAlerts(tx, wishes);
    await postponeAlerts(tx, doubted, programme.sales.holdMs);
    return { qualified };
  }
}

/** Whether it belongs to the present round of warming. */
const isOfRound = (past: Past | null, { at }: Happening) => past?.returnedAt == null || at >= past.returnedAt;

/** In order of time, as balancing wants them. */
function withLines(past: Past, lines: readonly LedgerLine[]): LedgerLine[] {
  return [...past.lines, ...lines].sort((a, b) => a.at - b.at);
}

function causesOf(
  arrived: readonly Resolved[],
  leads: ReadonlyMap<number, ScoredLead>,
  book: ScoreBook,
): Causes {
  const causes: Causes = { entries: [], sentDeliveryIds: [] };
  for (const { happening, subscriberId, link } of arrived) {
    if (happening.kind === 'mail-sent') {
      causes.sentDeliveryIds.push(happening.deliveryId);
      continue;
    }
    const key = onceKey(happening, leads.get(subscriberId)!.round, ruleOfHappening(happening, link, book));
    if (key !== null) causes.entries.push({ subscriberId, onceKey: key });
  }
  return causes;
}

/** When the lead itself did something: our mails, machines and what sales says are no acts of the lead. */
function actTime(happening: Happening): Date | null {
  if (happening.kind === 'mail-sent' || happening.kind === 'returned') return null;
  return 'verdict' in happening && happening.verdict?.class === 'machine' ? null : happening.at;
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
