import type { Database } from '../ports.ts';

type Deps = { database: Pick<Database, 'inTransaction'> };

/** The language of one's own pages and mails. Null takes the choice back. */
export async function chooseLanguage(
  { database }: Deps,
  { email, language }: { email: string; language: string | null },
  now: Date,
): Promise<void> {
  await database.inTransaction(async ({ staff, audit }) => {
    const before = await staff.languageOf(email);
    await staff.chooseLanguage(email, language);
    const details = { before };
    await audit.add({ at: now, staffEmail: email, act: 'language-chosen', subject: language ?? '', details });
  });
}

/** Ends one of one's own sessions, by its hash. False when it was none of theirs. */
export async function endSession(
  { database }: Deps,
  { email, idHash }: { email: string; idHash: string },
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async ({ staff, audit }) => {
    if (!(await staff.endSessionOf(email, idHash))) return false;
    await audit.add({ at: now, staffEmail: email, act: 'sessions-ended', subject: '1' });
    return true;
  });
}

/** Signs oneself out everywhere. Says how many sessions ended. */
export async function signOutEverywhere(
  { database }: Deps,
  { email }: { email: string },
  now: Date,
): Promise<number> {
  return database.inTransaction(async ({ staff, audit }) => {
    const ended = await staff.endSessionsOf(email);
    await audit.add({ at: now, staffEmail: email, act: 'sessions-ended', subject: String(ended) });
    return ended;
  });
}
