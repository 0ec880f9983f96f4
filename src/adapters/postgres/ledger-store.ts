import { mailDomain } from '../../domain/delivery/headers.ts';
import type { Happening } from '../../domain/engagement/happening.ts';
import { scoreBook } from '../../domain/engagement/rules.ts';
import { onceKey, type ScoredLead } from '../../domain/engagement/score.ts';
import { takeIn } from '../../domain/engagement/take-in.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import { salesAlertMail } from '../../domain/sales/alert-mail.ts';
import type { LedgerStore, Recorded } from '../../journey/engagement/ports.ts';
import {
  type CrossingRow,
  causeName,
  countedBefore,
  type EntryRow,
  insertEntries,
  insertEvents,
  insertQualifications,
  type LeadChange,
  lockLeads,
  type Resolved,
  resolve,
  setAlerts,
  updateLeads,
} from './ledger-rows.ts';
import { outboxStore } from './outbox-store.ts';
import type { Queryable } from './pool.ts';
import { salesStore } from './sales-store.ts';
import { subscriberStore } from './subscriber-store.ts';
import { transactional } from './transaction.ts';

/** Enough entries for an alert mail, also when some of them are our own further mails. */
const ENTRIES_IN_ALERT = 60;

export function ledgerStore(db: Queryable, programme: Programme, links: Links): LedgerStore {
  const book = scoreBook(programme, links.absolute);
  return {
    record: (happenings) =>
      happenings.length === 0
        ? Promise.resolve({ qualified: [] })
        : transactional(db, (tx) => record(tx, happenings)),
  };

  async function record(tx: Queryable, happenings: readonly Happening[]): Promise<Recorded> {
    const found = await resolve(tx, happenings);
    const leads = await lockLeads(tx, [...new Set(found.map(({ subscriberId }) => subscriberId))]);
    const known = found.filter(({ subscriberId }) => leads.has(subscriberId));
    if (known.length === 0) return { qualified: [] };
    const counted = await countedBefore(tx, causesOf(known, leads));
    const eventIds = await insertEvents(tx, known);

    const entries: EntryRow[] = [];
    const crossings: CrossingRow[] = [];
    const changes = new Map<number, LeadChange>();
    // One after the other: what a happening is worth depends on those before it.
    for (const [at, { happening, subscriberId, link }] of known.entries()) {
      const before = leads.get(subscriberId)!;
      const taken = takeIn(before, happening, link, (key) => counted.has(causeName(subscriberId, key)), book);
      const key = onceKey(happening, before.round);
      if (key !== null && (taken.entry || happening.kind === 'mail-sent'))
        counted.add(causeName(subscriberId, key));
      if (taken.entry) entries.push({ ...taken.entry, subscriberId, eventId: eventIds[at]! });
      if (taken.crossing) crossings.push({ subscriberId, at: happening.at, crossing: taken.crossing });
      leads.set(subscriberId, taken.lead);
      const actedAt = latest(changes.get(subscriberId)?.actedAt ?? null, actTime(happening));
      if (taken.lead !== before || actedAt) changes.set(subscriberId, { lead: taken.lead, actedAt });
    }

    await insertEntries(tx, entries, programme.scoring.version);
    await updateLeads(tx, [...changes.values()]);
    return crossings.length === 0
      ? { qualified: [] }
      : { qualified: await openQualifications(tx, crossings) };
  }

  /** Few leads cross at a time, so the alerts are written one by one. */
  async function openQualifications(tx: Queryable, crossings: CrossingRow[]): Promise<Recorded['qualified']> {
    const ids = await insertQualifications(tx, crossings);
    const outbox = outboxStore(tx, mailDomain(programme.brand.from.address));
    const qualified: Recorded['qualified'] = [];
    for (const { subscriberId, at, crossing } of crossings) {
      const qualificationId = ids.get(subscriberId)!;
      const lead = await subscriberStore(tx).find(subscriberId);
      if (!lead) throw new Error(`lead ${subscriberId} went away while it was held`);
      const entries = await salesStore(tx).recentEntries(subscriberId, ENTRIES_IN_ALERT);
      const alertDueAt = crossing.byPost ? at : new Date(at.getTime() + programme.sales.holdMs);
      const alertId = await outbox.add({
        kind: 'sales-alert',
        dedupeKey: `alert:${qualificationId}`,
        to: programme.sales.address,
        language: programme.defaultLanguage,
        data: salesAlertMail(lead, { at }, entries, programme, links.profile(subscriberId)),
        subscriberId,
        dueAt: alertDueAt,
        at,
      });
      if (alertId === null)
        throw new Error(`there is an alert for the new qualification ${qualificationId} already`);
      qualified.push({ subscriberId, qualificationId, alertId, alertDueAt });
    }
    await setAlerts(tx, qualified);
    return qualified;
  }
}

function causesOf(known: readonly Resolved[], leads: ReadonlyMap<number, ScoredLead>) {
  return known.flatMap(({ happening, subscriberId }) => {
    const key = onceKey(happening, leads.get(subscriberId)!.round);
    const sentDeliveryId = happening.kind === 'mail-sent' ? happening.deliveryId : null;
    return key === null ? [] : [{ subscriberId, onceKey: key, sentDeliveryId }];
  });
}

/** When the lead itself did something: our mails, machines and what sales says are no acts of the lead. */
function actTime(happening: Happening): Date | null {
  if (happening.kind === 'mail-sent' || happening.kind === 'returned') return null;
  return 'verdict' in happening && happening.verdict.class === 'machine' ? null : happening.at;
}

function latest(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
