import type {
  Complaints,
  Places,
  Rate,
  ReservedPlaces,
  SlowDomain,
} from '../../../domain/delivery/rate-limits.ts';

/** How fast mail may go out: one truth for all workers. */
export interface RateLimitStore {
  /**
   * Takes places for up to `wanted` mails: as many as every rate and the day have left. The times keep every
   * rate that is spread; when none is, the mails may go at once. With a count of 0, `from` is when to ask again. How many
   * there are says `reservePlaces`, while the rates and the day are held.
   */
  reserve(
    rates: readonly Rate[],
    day: DayLimit | null,
    wanted: number,
    now: Date,
    reservePlaces: ReservePlaces,
  ): Promise<Places>;
  /** For mails that were not sent after all. */
  giveBack(rates: readonly Rate[], day: DayLimit | null, count: number): Promise<void>;
  /** Times for mails that found no place, one after the other behind those that wait already. */
  queueUp(rate: Rate, count: number, now: Date): Promise<Places>;

  slowDomains(): Promise<SlowDomain[]>;
  /** Notes a 421 (`reply`) or a lost connection (null); gives how long the domain is left alone. */
  slowDown(
    domain: string,
    reply: string | null,
    now: Date,
    afterComplaint: (before: Complaints, reply: string | null, now: Date) => Complaints,
  ): Promise<SlowDomain>;
  /** Takes out domains that have recovered for a whole day. */
  forgetRecovered(now: Date): Promise<void>;

  /** Up to `wanted` of the `most` mails to a domain that may be on the wire at once, for as long as the batch's lease. */
  takeSlots(domain: string, batchId: number, most: number, wanted: number, now: Date): Promise<number>;
  freeSlots(batchId: number): Promise<void>;
}

/** Told the rates, when the next place of each is free, and how many mails may have one at most. */
export type ReservePlaces = (
  rates: readonly Rate[],
  next: ReadonlyMap<string, number>,
  left: number,
  now: Date,
) => ReservedPlaces;

export interface DayLimit {
  /** YYYY-MM-DD, UTC. */
  day: string;
  mails: number;
}
