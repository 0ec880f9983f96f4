import { createHash } from 'node:crypto';
import { addressMeant } from '../audience/email-address.ts';
import type { StaffMember } from '../programme.ts';

/** A sign-in link works this long, once. */
export const SIGN_IN_MINUTES = 15;
/** A session lasts this long without signing in again. */
export const SESSION_DAYS = 30;

/** What the database keeps of a secret: reading the table gives nobody a way in. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** The member of staff with this address, however it is capitalised. */
export function findStaff(staff: readonly StaffMember[], email: string): StaffMember | null {
  const wanted = addressMeant(email);
  return staff.find((member) => addressMeant(member.email) === wanted) ?? null;
}

/** Only a path of our own staff pages is followed after signing in; anything else leads to the first page. */
export function safeNextPath(path: unknown): string {
  return typeof path === 'string' && /^\/staff(\/[\w/-]*)?(\?[\w=&%.-]*)?$/.test(path) ? path : '/staff';
}
