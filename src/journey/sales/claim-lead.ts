import type { Database } from '../ports.ts';

export type ClaimAnswer =
  | { result: 'claimed' | 'yours'; subscriberId: number }
  | { result: 'taken'; subscriberId: number; by: string }
  /** Sales has answered for good, or the alert was withdrawn. */
  | { result: 'closed'; subscriberId: number }
  | { result: 'unknown' };

/** "I take this one": of two who press at the same moment one has it. Nobody is reminded of it any more. */
export async function claimLead(
  deps: { database: Pick<Database, 'inTransaction'> },
  { qualificationId, staffEmail }: { qualificationId: number; staffEmail: string },
  now: Date,
): Promise<ClaimAnswer> {
  return deps.database.inTransaction(async ({ sales, audit }) => {
    const isNew = await sales.claim(qualificationId, staffEmail, now);
    const qualification = await sales.findQualification(qualificationId);
    if (!qualification) return { result: 'unknown' };
    const { subscriberId, claimedBy, closedAt } = qualification;
    if (isNew) {
      const subject = `qualification ${qualificationId}`;
      await audit.add({ at: now, staffEmail, act: 'lead-claimed', subject, subscriberId });
      return { result: 'claimed', subscriberId };
    }
    if (closedAt !== null || claimedBy === null) return { result: 'closed', subscriberId };
    return claimedBy === staffEmail
      ? { result: 'yours', subscriberId }
      : { result: 'taken', subscriberId, by: claimedBy };
  });
}
