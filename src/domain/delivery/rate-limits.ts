// How fast mail may go out. Everything here is arithmetic on times; the truth is kept in Postgres for all workers.

/** Limits of the programme; null is none. */
export interface DeliveryLimits {
  perSecond: number | null;
  perHour: number | null;
  /** By recipient domain; "*" is for every domain that has no line of its own. */
  perDomain: Readonly<Record<string, DomainLimits>>;
  /** A new sender's first days; null once it is known. */
  warmUp: WarmUp | null;
  /** A mail that is refused for now is tried so often in all. */
  tries: number;
}

export interface DomainLimits {
  perSecond: number | null;
  perHour: number | null;
  /** Mails on the wire at once, by all workers together. */
  connections: number | null;
}

export interface WarmUp {
  /** YYYY-MM-DD, the first day that counts (UTC). */
  startingOn: string;
  /** Mails on that day; each further day `growth` times as many, until `until` a day: then there is no limit. */
  firstDay: number;
  growth: number;
  until: number;
}

/** A rate: one mail each `stepMs`. Who asks may have the places of the next `aheadMs`. */
export interface Rate {
  name: string;
  stepMs: number;
  aheadMs: number;
  /** Each mail waits for its own place. Else they are only counted, and may go at once. */
  isSpread: boolean;
}

/** Places in time: the k-th mail may leave at `from + k × stepMs` (milliseconds since 1970). */
export interface Places {
  count: number;
  from: number;
  stepMs: number;
}

/** Postgres keeps microseconds: of a step that is next to nothing. */
const ROUNDING = 1e-5;

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

/**
 * The rates that keep the limits. In any second of `perSecond` there are no more mails than that: they are spread. In any
 * hour, too, but a twelfth may go at once: that much less is given out afterwards.
 */
export function ratesOf(name: string, limits: { perSecond: number | null; perHour: number | null }): Rate[] {
  const rates: Rate[] = [];
  if (limits.perSecond !== null)
    rates.push({
      name: `${name} second`,
      stepMs: SECOND / limits.perSecond,
      aheadMs: SECOND,
      isSpread: true,
    });
  if (limits.perHour !== null) {
    const atOnce = Math.max(1, Math.floor(limits.perHour / 12));
    const stepMs = HOUR / Math.max(1, limits.perHour - atOnce);
    rates.push({ name: `${name} hour`, stepMs, aheadMs: (atOnce - 1) * stepMs, isSpread: false });
  }
  return rates;
}

/** How many of `wanted` places are to be had now, when the next free one is at `nextAt`; with none, `from` is when to ask again. */
export function placesIn({ stepMs, aheadMs }: Rate, nextAt: number, wanted: number, now: number): Places {
  const from = Math.max(nextAt, now);
  const count = from > now + aheadMs ? 0 : Math.floor((now + aheadMs - from) / stepMs + ROUNDING) + 1;
  if (count <= 0) return { count: 0, from: from - aheadMs, stepMs };
  return { count: Math.min(count, wanted), from, stepMs };
}

/** Places of several rates at once, and when the next one of each is free after them. */
export interface ReservedPlaces extends Places {
  moved: { name: string; next: number }[];
}

/**
 * How many places all of these rates have now, up to `left`. `next`: when the next place of each is free. With none, `from` is
 * when to ask again: tomorrow, when the day has none left.
 */
export function reservePlaces(
  rates: readonly Rate[],
  next: ReadonlyMap<string, number>,
  left: number,
  now: Date,
): ReservedPlaces {
  const found = rates.map((rate) => placesIn(rate, next.get(rate.name)!, left, now.getTime()));
  const count = Math.min(left, ...found.map((places) => places.count));
  if (count <= 0) {
    const tomorrow = Date.parse(dayOf(new Date(now.getTime() + 24 * HOUR)));
    const from = left <= 0 ? tomorrow : Math.max(now.getTime(), ...found.map((places) => places.from));
    return { count: 0, from, stepMs: 0, moved: [] };
  }
  const spread = found.filter((_, at) => rates[at]!.isSpread);
  return {
    count,
    from: Math.max(now.getTime(), ...spread.map((places) => places.from)),
    stepMs: Math.max(0, ...spread.map((places) => places.stepMs)),
    moved: rates.map(({ name }, at) => ({ name, next: found[at]!.from + count * found[at]!.stepMs })),
  };
}

/** Mails that may go out on a day of the warm-up; null when there is no limit (any more). `day` is YYYY-MM-DD. */
export function warmUpLimit(warmUp: WarmUp | null, day: string): number | null {
  if (warmUp === null) return null;
  const days = Math.round((Date.parse(day) - Date.parse(warmUp.startingOn)) / (24 * HOUR));
  const mails = Math.floor(warmUp.firstDay * warmUp.growth ** Math.max(days, 0));
  return mails >= warmUp.until ? null : mails;
}

/** The day in UTC, YYYY-MM-DD. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** Addresses of one provider under several names: its limits hold for them together. */
const PROVIDERS: Readonly<Record<string, string>> = {
  'googlemail.com': 'gmail.com',
  'hotmail.com': 'outlook.com',
  'live.com': 'outlook.com',
  'msn.com': 'outlook.com',
  'ymail.com': 'yahoo.com',
  'rocketmail.com': 'yahoo.com',
  'me.com': 'icloud.com',
  'mac.com': 'icloud.com',
};

/** What limits and slow-downs go by: the part behind the @, or the provider's main domain. */
export function recipientDomain(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return PROVIDERS[domain] ?? domain;
}

/** The limits of a domain: its own, else those of "*". A domain of a provider may be named by any of its names. */
export function limitsOf(limits: DeliveryLimits, domain: string): DomainLimits | null {
  const named = Object.keys(limits.perDomain).find((name) => (PROVIDERS[name] ?? name) === domain);
  return limits.perDomain[named ?? '*'] ?? null;
}

/** A domain that asked for fewer mails, or dropped connections. */
export interface SlowDomain {
  domain: string;
  pausedUntil: Date;
}

/** One more mail at once after each of these. */
const RECOVERY_STEP = 30 * SECOND;
const LONGEST_PAUSE = 2 * HOUR;

/**
 * How long a domain is left alone. Gmail's 421 4.7.28 asks for ten minutes at least; other 421 for a minute. Each one more
 * before it has recovered doubles that. After a lost connection it goes on at once, but with one mail at a time.
 */
export function pauseMs(reply: string | null, strikes: number): number {
  if (reply === null) return 0;
  const first = /\b4\.7\.28\b/.test(reply) ? 10 * MINUTE : MINUTE;
  return Math.min(first * 2 ** (strikes - 1), Math.max(LONGEST_PAUSE, first));
}

/** What is known of a domain that complained. */
export interface Complaints {
  strikes: number;
  pausedUntil: Date;
}

/**
 * What a domain's complaint makes of those before it; `reply` is null when the connection was lost. Mails under way together
 * are refused together: that is one complaint.
 */
export function afterComplaint(before: Complaints, reply: string | null, now: Date): Complaints {
  const isNew = before.strikes === 0 || before.pausedUntil <= now;
  const strikes = before.strikes + (isNew && reply !== null ? 1 : 0);
  const until = now.getTime() + pauseMs(reply, Math.max(strikes, 1));
  return { strikes, pausedUntil: new Date(Math.max(until, before.pausedUntil.getTime())) };
}

/** Mails at once that a recovering domain may have: none while it pauses, then one, then one more with each step. */
export function recoveringSlots({ pausedUntil }: SlowDomain, now: Date): number {
  const since = now.getTime() - pausedUntil.getTime();
  return since < 0 ? 0 : 1 + Math.floor(since / RECOVERY_STEP);
}

/** From then on a domain has as many as `connections` gives, and its trouble is forgotten. */
export function recoveredAt({ pausedUntil }: SlowDomain, connections: number): Date {
  return new Date(pausedUntil.getTime() + connections * RECOVERY_STEP);
}
