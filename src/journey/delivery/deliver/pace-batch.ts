import {
  type DeliveryLimits,
  dayOf,
  limitsOf,
  type Places,
  type Rate,
  ratesOf,
  recipientDomain,
  recoveringSlots,
  reservePlaces,
  type SlowDomain,
  warmUpLimit,
} from '../../../domain/delivery/rate-limits.ts';
import type { ClaimedDelivery } from '../ports/deliveries.ts';
import type { RateLimitStore } from '../ports/rate-limits.ts';

/** How many mails of a batch may be on the wire to one domain at once. */
export interface Gate {
  granted: number;
  underWay: number;
  slow: SlowDomain | null;
}

/** A delivery with the time before which it may not go, and the gate of its domain if that has one. */
export interface PacedDelivery {
  delivery: ClaimedDelivery;
  domain: string;
  notBefore: number;
  /** What its time keeps: who is late needs another one. */
  spread: readonly Rate[];
  gate: Gate | null;
}

export interface RateLimitDeps {
  pace: RateLimitStore;
  limits: DeliveryLimits;
  /** 0 to 1. */
  random: () => number;
}

/** Mails put off because others have the domain's slots come again after so long, or up to twice that. */
const SLOT_WAIT_MS = 15_000;
/** Those put off until a pause is over come back over so long, not all at once. */
const AFTER_PAUSE_MS = 60_000;

/** The limits on all mail together. Null: there are none. */
export function overallLimits({ limits }: RateLimitDeps, now: Date) {
  const rates = ratesOf('all', limits);
  const mails = warmUpLimit(limits.warmUp, dayOf(now));
  const day = mails === null ? null : { day: dayOf(now), mails };
  return rates.length === 0 && day === null ? null : { rates, day };
}

/** Gives the deliveries of a batch their times and gates; some have to wait for another day or minute. */
export async function paceBatch(
  { pace, limits, random }: RateLimitDeps,
  batchId: number,
  deliveries: readonly ClaimedDelivery[],
  places: (Places & { rates: readonly Rate[] }) | null,
  now: Date,
): Promise<{ go: PacedDelivery[]; later: { deliveryId: number; dueAt: Date }[] }> {
  const slow = new Map((await pace.slowDomains()).map((one) => [one.domain, one]));
  const go = deliveries.map(
    (delivery, at): PacedDelivery => ({
      delivery,
      domain: recipientDomain(delivery.subscriber.email),
      notBefore: places ? places.from + at * places.stepMs : 0,
      spread: places?.rates.filter(({ isSpread }) => isSpread) ?? [],
      gate: null,
    }),
  );
  if (slow.size === 0 && Object.keys(limits.perDomain).length === 0) return { go, later: [] };

  const later: { deliveryId: number; dueAt: Date }[] = [];
  const putOff = (mails: readonly PacedDelivery[], dueAt: (at: number) => number) =>
    mails.forEach(({ delivery }, at) => {
      later.push({ deliveryId: delivery.id, dueAt: new Date(dueAt(at)) });
    });
  const going: PacedDelivery[] = [];
  const byDomain = new Map<string, PacedDelivery[]>();
  for (const one of go) byDomain.set(one.domain, [...(byDomain.get(one.domain) ?? []), one]);
  for (const [domain, mails] of byDomain) {
    const own = limitsOf(limits, domain);
    const trouble = slow.get(domain) ?? null;
    const most = Math.min(
      own?.connections ?? Number.POSITIVE_INFINITY,
      trouble ? recoveringSlots(trouble, now) : Number.POSITIVE_INFINITY,
    );
    if (most === 0) {
      putOff(mails, () => trouble!.pausedUntil.getTime() + random() * AFTER_PAUSE_MS);
      continue;
    }
    let gate: Gate | null = null;
    if (most !== Number.POSITIVE_INFINITY) {
      const granted = await pace.takeSlots(domain, batchId, most, Math.min(most, mails.length), now);
      if (granted === 0) {
        putOff(mails, () => now.getTime() + SLOT_WAIT_MS * (1 + random()));
        continue;
      }
      gate = { granted, underWay: 0, slow: trouble };
    }
    const rates = own ? ratesOf(domain, own) : [];
    const given = rates.length > 0 ? await pace.reserve(rates, null, mails.length, now, reservePlaces) : null;
    const count = given ? given.count : mails.length;
    mails.slice(0, count).forEach((mail, at) => {
      const notBefore = given ? Math.max(mail.notBefore, given.from + at * given.stepMs) : mail.notBefore;
      const spread = [...mail.spread, ...rates.filter(({ isSpread }) => isSpread)];
      going.push({ ...mail, notBefore, spread, gate });
    });
    if (count < mails.length) {
      const slowest = rates.reduce((a, b) => (a.stepMs > b.stepMs ? a : b));
      const turns = await pace.queueUp(slowest, mails.length - count, now);
      putOff(mails.slice(count), (at) => turns.from + at * turns.stepMs);
    }
  }
  // Domains take turns in the order in which they were claimed.
  const order = new Map(deliveries.map(({ id }, at) => [id, at]));
  going.sort((a, b) => a.notBefore - b.notBefore || order.get(a.delivery.id)! - order.get(b.delivery.id)!);
  return { go: going, later };
}

/** May a mail go through the gate now? A domain that recovers is let through one more at a time. */
export function isOpenFor(gate: Gate | null, now: Date): boolean {
  if (gate === null) return true;
  const recovering = gate.slow ? recoveringSlots(gate.slow, now) : Number.POSITIVE_INFINITY;
  return gate.underWay < Math.min(gate.granted, recovering);
}

/** When mails to a domain that was just paused are due again. */
export function afterPause({ pausedUntil }: SlowDomain, random: () => number): Date {
  return new Date(pausedUntil.getTime() + random() * AFTER_PAUSE_MS);
}

/** A place that is over for longer is not used: mails that were held up together must not go out together. */
const LATE_MS = 200;

export function isLate({ spread, notBefore }: PacedDelivery, now: Date): boolean {
  return spread.length > 0 && now.getTime() > notBefore + LATE_MS;
}

/** Another place in time for one mail; waits for it with `pause`. Ends early when `isStopping`. */
export async function waitForPlace(
  { pace }: RateLimitDeps,
  mail: PacedDelivery,
  clock: () => Date,
  pause: (ms: number) => Promise<void>,
  isStopping: () => boolean,
): Promise<void> {
  while (!isStopping() && isLate(mail, clock())) {
    const now = clock();
    const place = await pace.reserve(mail.spread, null, 1, now, reservePlaces);
    if (place.count === 1) mail.notBefore = place.from;
    await pause(Math.max(0, place.from - now.getTime()));
  }
}
