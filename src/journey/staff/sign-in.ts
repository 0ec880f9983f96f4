import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import {
  findStaff,
  hashSecret,
  SESSION_DAYS,
  SIGN_IN_MINUTES,
  safeNextPath,
} from '../../domain/staff/sign-in.ts';
import type { Database, Queue } from '../ports.ts';
import type { StaffSession } from './ports/sessions.ts';

export interface SignInDeps {
  database: Database;
  queue: Queue;
  programme: Programme;
  links: Links;
  /** A new unguessable text of at least 32 characters of [A-Za-z0-9_-]. */
  newSecret: () => string;
}

/** That may be open at a time, in `SIGN_IN_MINUTES`. */
const MOST_LINKS = 5;

/** The mail is written once the page is there: how long that takes must not tell whether there is one. */
const AFTER_ANSWER_MS = 250;

/**
 * Mails a sign-in link when the address is one of the staff's. Says nothing about whether it was: the page that
 * asked looks the same either way, and the database is asked the same, in the same order. Somebody's mailbox gets a few at
 * a time, whoever asks from wherever.
 */
export async function requestSignIn(
  deps: SignInDeps,
  request: { email: string; nextPath: string; language?: string },
  now: Date,
): Promise<void> {
  const member = findStaff(deps.programme.staff, request.email);
  const { staff, outbox } = deps.database.stores;
  const open = await staff.signInLinks(member?.email ?? request.email, now);
  const isDue = member !== null && open < MOST_LINKS;
  const link = await writeLink(deps, request, member?.email ?? request.email, isDue, now);
  await outbox.addAll(
    isDue
      ? [
          {
            kind: 'sign-in',
            dedupeKey: `sign-in:${hashSecret(link.secret)}`,
            to: link.email,
            language: link.language,
            data: { url: deps.links.signIn(link.secret), minutes: SIGN_IN_MINUTES },
            subscriberId: null,
            dueAt: now,
            at: now,
          },
        ]
      : [],
  );
  // Not waited for: the schedule makes up for a lost reminder.
  if (isDue)
    deps.queue.add({ name: 'send-outbox' }, { key: 'send-outbox', delayMs: AFTER_ANSWER_MS }).catch(() => {});
}

/**
 * A fresh sign-in link for a member of staff; null for anybody else. Works once, for fifteen minutes. Its mail is in the
 * language that the member chose, else in that of the page where it was asked for.
 */
export async function createSignInLink(
  deps: Pick<SignInDeps, 'database' | 'programme' | 'newSecret'>,
  request: { email: string; nextPath: string; language?: string },
  now: Date,
): Promise<{ email: string; secret: string; language: string } | null> {
  const member = findStaff(deps.programme.staff, request.email);
  return member && writeLink(deps, request, member.email, true, now);
}

/** A link for the terminal, for when mail does not work: who asked for it is on record. Null for nobody of the staff. */
export async function printSignInLink(
  deps: Pick<SignInDeps, 'database' | 'programme' | 'newSecret'>,
  request: { email: string; by: string },
  now: Date,
): Promise<{ secret: string } | null> {
  const link = await createSignInLink(deps, { email: request.email, nextPath: '/staff' }, now);
  if (link)
    await deps.database.stores.audit.add({
      at: now,
      staffEmail: request.by,
      act: 'sign-in-link-printed',
      subject: link.email,
    });
  return link;
}

/** Writes a link down, or only asks as much of the database when it is for nobody. */
async function writeLink(
  deps: Pick<SignInDeps, 'database' | 'programme' | 'newSecret'>,
  request: { nextPath: string; language?: string },
  email: string,
  isForSomebody: boolean,
  now: Date,
): Promise<{ email: string; secret: string; language: string }> {
  const secret = deps.newSecret();
  const { staff } = deps.database.stores;
  const link = {
    tokenHash: hashSecret(secret),
    email,
    nextPath: safeNextPath(request.nextPath),
    expiresAt: new Date(now.getTime() + SIGN_IN_MINUTES * 60_000),
  };
  await staff.addSignInLink(isForSomebody ? link : null);
  const chosen = await staff.languageOf(email);
  return { email, secret, language: chosen ?? request.language ?? deps.programme.defaultLanguage };
}

/** Uses the link up and opens a session. Null when it was used before, is too old, or its owner has left the staff. */
export async function completeSignIn(
  deps: Pick<SignInDeps, 'database' | 'programme' | 'newSecret'>,
  secret: string,
  now: Date,
  from: { ip: string | null; userAgent: string | null } = { ip: null, userAgent: null },
): Promise<{ sessionSecret: string; session: StaffSession; nextPath: string } | null> {
  return deps.database.inTransaction(async ({ staff, audit }) => {
    const link = await staff.useSignInLink(hashSecret(secret), now);
    if (!link || !findStaff(deps.programme.staff, link.email)) return null;
    const sessionSecret = deps.newSecret();
    const session = {
      email: link.email,
      csrfToken: deps.newSecret(),
      expiresAt: new Date(now.getTime() + SESSION_DAYS * 86_400_000),
    };
    await staff.addSession({ ...session, ...from, idHash: hashSecret(sessionSecret), createdAt: now });
    await audit.add({ at: now, staffEmail: link.email, act: 'signed-in', subject: from.ip ?? '' });
    return { sessionSecret, session, nextPath: safeNextPath(link.nextPath) };
  });
}
