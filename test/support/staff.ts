import type { FastifyInstance, InjectOptions } from 'fastify';
import type { StaffMember } from '../../src/domain/programme.ts';
import { hashSecret } from '../../src/domain/staff/sign-in.ts';
import type { Database } from '../../src/journey/ports.ts';
import { testProgramme } from './programme.ts';

export type Role = StaffMember['role'];

export interface SignedIn {
  email: string;
  /** For the header of that name. */
  cookie: string;
  secret: string;
  csrf: string;
}

/** A session of the test programme's member with this role, as signing in would have made it. */
export async function signedIn(database: Database, role: Role): Promise<SignedIn> {
  const member = testProgramme().staff.find((one) => one.role === role)!;
  const secret = `session-${role}-${Math.random().toString(36).slice(2)}`;
  const csrf = `csrf-${role}-${Math.random().toString(36).slice(2)}`;
  await database.stores.staff.addSession({
    email: member.email,
    csrfToken: csrf,
    expiresAt: new Date('2100-01-01'),
    idHash: hashSecret(secret),
    createdAt: new Date('2026-11-20T08:00:00Z'),
    ip: '192.0.2.7',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  });
  return { email: member.email, cookie: `simmer_staff=${secret}`, secret, csrf };
}

/** A request as this member's browser makes it; a form carries the session's token. */
export function asStaff(app: FastifyInstance, who: SignedIn) {
  return {
    get: (url: string, headers: Record<string, string> = {}) =>
      app.inject({ url, headers: { cookie: who.cookie, ...headers } }),
    post: (url: string, fields: Record<string, string | string[]> = {}) => {
      const form = new URLSearchParams({ csrf: who.csrf });
      for (const [name, value] of Object.entries(fields))
        for (const one of [value].flat()) form.append(name, one);
      const options: InjectOptions = {
        method: 'POST',
        url,
        headers: { cookie: who.cookie, 'content-type': 'application/x-www-form-urlencoded' },
        payload: form.toString(),
      };
      return app.inject(options);
    },
  };
}
