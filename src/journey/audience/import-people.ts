import { readCsv } from '../../domain/audience/csv.ts';
import { checkPeopleFile, type FilePerson, type UnusableFile } from '../../domain/audience/people-file.ts';
import { emptyFieldsFilled } from '../../domain/audience/profile-field.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { textVersion } from '../../domain/audience/text-version.ts';
import { confirmationMail } from '../../domain/delivery/confirmation-mail.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import type { NewOutboxMail } from '../delivery/outbox-ports.ts';
import type { Database, Queue, Stores } from '../ports.ts';
import type { ImportOutcome, ImportStore } from './people.ts';
import type { ConsentEntry, FilledIn, NewSubscriber } from './ports.ts';

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
      if (taken.length > 0) await takeIn(stores, deps, taken, importId, now);
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
 * known one keeps its status, whatever the file says, and gets only what was empty filled in. All of a chunk is written by
 * a handful of statements.
 */
async function takeIn(
  stores: Stores,
  { programme, links }: TakeInDeps,
  taken: readonly { line: number; person: FilePerson }[],
  importId: number,
  now: Date,
): Promise<void> {
  const { subscribers } = stores;
  const added = await subscribers.addAll(taken.map(({ person }) => newSubscriber(person, importId, now)));
  const isNew = new Map(added.map((subscriber) => [subscriber.email, subscriber]));
  const others = taken.flatMap(({ person }) => (isNew.has(person.email) ? [] : [person.email]));
  const known = new Map(
    (await subscribers.lockAll(others)).map((subscriber) => [subscriber.email, subscriber]),
  );

  const done: Parameters<ImportStore['settle']>[1] = [];
  const filledIn: ({ id: number } & FilledIn)[] = [];
  const agreed: ConsentEntry[] = [];
  const asked: NewOutboxMail<'confirmation'>[] = [];
  for (const { line, person } of taken) {
    const subscriber = isNew.get(person.email) ?? known.get(person.email);
    if (!subscriber) throw new Error('a person of an import was neither added nor found by the address');
    const { id: subscriberId } = subscriber;
    if (isNew.has(person.email)) {
      agreed.push(consentOf(subscriber, person, programme, importId, now));
      if (!person.consent) asked.push(question(subscriber, { programme, links }, importId, now));
      done.push({ line, outcome: 'added', subscriberId });
      continue;
    }
    const { outcome, fields } = whatFills(subscriber, person);
    if (outcome === 'filled-in') filledIn.push({ id: subscriberId, ...fields });
    done.push({ line, outcome, subscriberId });
  }
  await subscribers.fillIn(filledIn);
  await stores.consent.addAll(agreed);
  await stores.outbox.addAll(asked);
  await stores.imports.settle(importId, done);
}

function newSubscriber(person: FilePerson, importId: number, now: Date): NewSubscriber {
  const source = { form: `import ${importId}`, ...(person.source ? { utm_source: person.source } : {}) };
  return { ...person, source, at: now, confirmedAt: person.consent ? now : null };
}

function whatFills(subscriber: Subscriber, person: FilePerson): { outcome: ImportOutcome; fields: FilledIn } {
  // Who left, and whom mail does not reach, is not worked on from a file.
  if (subscriber.status === 'unsubscribed' || subscriber.status === 'suppressed')
    return { outcome: 'left-alone', fields: {} };
  const fields: FilledIn = emptyFieldsFilled(subscriber, person);
  if (subscriber.interests.length === 0 && person.interests.length > 0) fields.interests = person.interests;
  return { outcome: Object.keys(fields).length === 0 ? 'unchanged' : 'filled-in', fields };
}

function consentOf(
  { id, language }: Subscriber,
  { consent }: FilePerson,
  programme: Programme,
  importId: number,
  now: Date,
): ConsentEntry {
  const about = {
    subscriberId: id,
    textVersion: textVersion(programme.consentVersion, language),
    ip: null,
    userAgent: null,
  };
  return consent
    ? {
        ...about,
        at: new Date(consent.at),
        act: 'confirmed',
        how: `import ${importId}: ${consent.how}`,
        details: { import: importId, importedAt: now.toISOString() },
      }
    : { ...about, at: now, act: 'signed-up', how: `import ${importId}`, details: { import: importId } };
}

function question(
  subscriber: Subscriber,
  { programme, links }: Pick<TakeInDeps, 'programme' | 'links'>,
  importId: number,
  now: Date,
): NewOutboxMail<'confirmation'> {
  return {
    kind: 'confirmation',
    dedupeKey: `confirmation:import:${importId}:${subscriber.id}`,
    to: subscriber.email,
    language: subscriber.language,
    data: confirmationMail({ programme, links, subscriber }),
    subscriberId: subscriber.id,
    dueAt: now,
    at: now,
  };
}
