import { readCsv } from '../../domain/audience/csv.ts';
import { checkPeopleFile, type FilePerson, type UnusableFile } from '../../domain/audience/people-file.ts';
import { emptyFieldsFilled } from '../../domain/audience/profile-field.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { textVersion } from '../../domain/audience/text-version.ts';
import { confirmationMail } from '../../domain/delivery/confirmation-mail.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Database, Queue, Stores } from '../ports.ts';
import type { ImportOutcome } from './people.ts';
import type { ProfileChange } from './ports.ts';

export interface ImportDeps {
  database: Database;
  queue: Queue;
  links: Links;
  programme: Programme;
}

/** The confirmation mails wait in the outbox: the schedule hands them on. */
type TakeInDeps = Omit<ImportDeps, 'queue'>;

/** Small, so that a list under way never keeps a reader's own press of a button waiting. */
const CHUNK = 100;

/** Checks a file of people row by row and keeps it. Nobody is added: that is `importPeople`, after somebody has looked. */
export async function checkPeople(
  { database, programme }: Pick<ImportDeps, 'database' | 'programme'>,
  file: { name: string; text: string; staffEmail: string },
  now: Date,
): Promise<{ importId: number } | { unusable: UnusableFile }> {
  const checked = checkPeopleFile(readCsv(file.text), { ...programme, now });
  if ('unusable' in checked) return checked;
  const { staffEmail } = file;
  const importId = await database.inTransaction(async ({ imports, audit }) => {
    const id = await imports.add({ ...checked, at: now, staffEmail, fileName: file.name });
    await audit.add({
      at: now,
      staffEmail,
      act: 'people-checked',
      subject: file.name,
      details: { import: id },
    });
    return id;
  });
  return { importId };
}

/** Lets a checked file begin. False when it has begun, or was discarded. */
export async function beginImport(
  { database, queue }: Pick<ImportDeps, 'database' | 'queue'>,
  { importId, staffEmail }: { importId: number; staffEmail: string },
  now: Date,
): Promise<boolean> {
  const hasBegun = await database.inTransaction(async ({ imports, audit }) => {
    if (!(await imports.begin(importId))) return false;
    const file = await imports.find(importId);
    const details = { import: importId, rows: file?.good ?? 0 };
    await audit.add({ at: now, staffEmail, act: 'people-imported', subject: file?.fileName ?? '', details });
    return true;
  });
  if (hasBegun) await queue.add({ name: 'import-people', importId }, { key: `import-people ${importId}` });
  return hasBegun;
}

/**
 * Takes in the good rows of an import that has begun, a few at a time, each few in one transaction: broken off, it goes
 * on where it stopped, and two workers share the rest. Says how many it took in.
 */
export async function importPeople(
  deps: TakeInDeps,
  importId: number,
  now: Date,
  signal?: AbortSignal,
): Promise<number> {
  let total = 0;
  while (!signal?.aborted) {
    const count = await deps.database.inTransaction(async (stores) => {
      const taken = await stores.imports.take(importId, CHUNK);
      const done = [];
      for (const { line, person } of taken)
        done.push({ line, ...(await takeIn(stores, deps, person, importId, now)) });
      if (done.length > 0) await stores.imports.settle(importId, done);
      return taken.length;
    });
    if (count === 0) break;
    total += count;
  }
  if (!signal?.aborted) await deps.database.stores.imports.finish(importId, now);
  return total;
}

/**
 * A new address becomes active when the file proves consent; else it is asked, by the same mail as after a sign-up. A
 * known one keeps its status, whatever the file says, and gets only what was empty filled in.
 */
async function takeIn(
  stores: Stores,
  deps: TakeInDeps,
  person: FilePerson,
  importId: number,
  now: Date,
): Promise<{ outcome: ImportOutcome; subscriberId: number }> {
  const source = { form: `import ${importId}`, ...(person.source ? { utm_source: person.source } : {}) };
  const added = await stores.subscribers.add({ ...person, source, at: now });
  const known = added ?? (await stores.subscribers.findByEmail(person.email))?.id;
  const subscriber = known === undefined ? null : await stores.subscribers.lock(known);
  if (!subscriber) throw new Error('a person of an import was neither added nor found by the address');
  if (added === null)
    return { outcome: await fillIn(stores, subscriber, person), subscriberId: subscriber.id };
  if (person.interests.length > 0) {
    await stores.subscribers.change(subscriber.id, { interests: person.interests });
  }
  if (person.consent) await activate(stores, deps, subscriber, person.consent, importId, now);
  else await ask(stores, deps, subscriber, importId, now);
  return { outcome: 'added', subscriberId: subscriber.id };
}

async function fillIn(stores: Stores, subscriber: Subscriber, person: FilePerson): Promise<ImportOutcome> {
  // Who left, and whom mail does not reach, is not worked on from a file.
  if (subscriber.status === 'unsubscribed' || subscriber.status === 'suppressed') return 'left-alone';
  const change: Partial<ProfileChange> = emptyFieldsFilled(subscriber, person);
  if (subscriber.interests.length === 0 && person.interests.length > 0) change.interests = person.interests;
  if (Object.keys(change).length === 0) return 'unchanged';
  await stores.subscribers.change(subscriber.id, change);
  return 'filled-in';
}

async function activate(
  stores: Stores,
  { programme }: TakeInDeps,
  subscriber: Subscriber,
  consent: NonNullable<FilePerson['consent']>,
  importId: number,
  now: Date,
): Promise<void> {
  await stores.consent.add({
    subscriberId: subscriber.id,
    at: new Date(consent.at),
    act: 'confirmed',
    how: `import ${importId}: ${consent.how}`,
    textVersion: textVersion(programme.consentVersion, subscriber.language),
    ip: null,
    userAgent: null,
    details: { import: importId, importedAt: now.toISOString() },
  });
  await stores.subscribers.activate(subscriber.id, now);
}

async function ask(
  stores: Stores,
  { programme, links }: TakeInDeps,
  subscriber: Subscriber,
  importId: number,
  now: Date,
): Promise<void> {
  await stores.consent.add({
    subscriberId: subscriber.id,
    at: now,
    act: 'signed-up',
    how: `import ${importId}`,
    textVersion: textVersion(programme.consentVersion, subscriber.language),
    ip: null,
    userAgent: null,
    details: { import: importId },
  });
  await stores.outbox.add({
    kind: 'confirmation',
    dedupeKey: `confirmation:import:${importId}:${subscriber.id}`,
    to: subscriber.email,
    language: subscriber.language,
    data: confirmationMail({ programme, links, subscriber }),
    subscriberId: subscriber.id,
    dueAt: now,
    at: now,
  });
}
