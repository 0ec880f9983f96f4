import { dueForReader } from '../domain/delivery/issue-plan.ts';
import { slotsBetween } from '../domain/delivery/schedule.ts';
import type { Programme } from '../domain/programme.ts';

/**
 * The first moment from `from` on after which no scheduled issue comes due to a reader in the zone for so long. Whoever
 * confirms at that moment gets, for that time, the issues sent by hand and no others.
 */
export function quietMoment(programme: Programme, from: Date, timeZone: string, forMs: number): Date {
  const end = new Date(from.getTime() + forMs);
  const due = programme.digests
    .flatMap((digest) =>
      slotsBetween(digest.schedule, from, end).map((slot) => dueForReader(digest, slot, timeZone)),
    )
    .find((at) => at >= from && at <= end);
  return due ? quietMoment(programme, new Date(due.getTime() + 1), timeZone, forMs) : from;
}
