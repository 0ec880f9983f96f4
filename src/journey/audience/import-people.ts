import { ALLOWANCES } from '../../domain/audience/mail-allowance.ts';
import { mailboxOf } from '../../domain/audience/mailbox.ts';
import type { FilePerson } from '../../domain/audience/people-file/people-file.ts';
import { emptyFieldsFilled } from '../../domain/audience/profile-field.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { textVersion } from '../../domain/audience/text-version.ts';
import type { Links } from '../../domain/links.ts';
import { confirmationMail } from '../../domain/mail/confirmation-mail.ts';
import type { Programme } from '../../domain/programme.ts';
import type { NewOutboxMail } from '../delivery/ports/outbox.ts';
import type { Database, Stores } from '../ports.ts';
import type { ImportOutcome, SettledRow } from './ports/people.ts';
import type { ConsentEntry, FilledIn, NewSubscriber } from './ports/subscribers.ts';

/** The confirmation mails wait in the outbox: the schedule hands them on. */
interface ImportDeps {
  database: Database;
  links: Links;
  programme: Programme;
}

/** Small, so that a list under way never keeps a reader's own press of a button waiting. */
const CHUNK = 100;

/**
 * Takes in the good rows of an import that has begun, a few at a time, each few in one transaction: broken off, it goes
 * on where it stopped, and two workers share the rest. Says how many it took in.
 */
export async function importPeople(
  deps: ImportDeps,
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
 * known one gets only what was empty filled in, and no list makes it active. Who had left the list the file comes from, or
 * another one before, is not added and not asked: who is known by lists alone leaves here too. All of a chunk is written
 * by a handful of statements.
 */
async function takeIn(
  stores: Stores,
  deps: ImportDeps,
  taken: readonly { line: number; person: FilePerson }[],
  importId: number,
  now: Date,
): Promise<void> {
  const { subscribers } = stores;
  const emails = taken.map(({ person }) => person.email);
  const optOuts = await stores.optOuts.among(emails);
  const isWelcome = ({ email, consent, left }: FilePerson): boolean => {
    const optedOut = optOuts.get(email);
    return left === null && (optedOut === undefined || (consent !== null && new Date(consent.at) > optedOut));
  };
  const welcome = taken.filter(({ person }) => isWelcome(person));
  const added = await subscribers.addAll(welcome.map(({ person }) => newSubscriber(person, importId, now)));
  const isNew = new Map(added.map((subscriber) => [subscriber.email, subscriber]));
  const others = emails.filter((email) => !isNew.has(email));
  const known = new Map(
    (await subscribers.lockAll(others)).map((subscriber) => [subscriber.email, subscriber]),
  );

  const done: SettledRow[] = [];
  const filledIn: ({ id: number } & FilledIn)[] = [];
  const agreed: ConsentEntry[] = [];
  const toAsk: Subscriber[] = [];
  for (const { line, person } of taken) {
    const subscriber = isNew.get(person.email) ?? known.get(person.email);
    if (person.left !== null || !subscriber) continue;
    const { id: subscriberId } = subscriber;
    if (isNew.has(person.email)) {
      agreed.push(consentOf(subscriber, person, deps.programme, importId, now));
      if (!person.consent) toAsk.push(subscriber);
      done.push({ line, outcome: 'added', subscriberId });
      continue;
    }
    const { outcome, fields } = whatFills(subscriber, person);
    if (outcome === 'filled-in') filledIn.push({ id: subscriberId, ...fields });
    done.push({ line, outcome, subscriberId });
  }
  const leavers = taken.filter(({ person }) => person.left !== null);
  done.push(...(await letGo(stores, deps, leavers, known, importId, now)));
  const settled = new Set(done.map(({ line }) => line));
  for (const { line } of taken)
    if (!settled.has(line)) done.push({ line, outcome: 'opted-out', subscriberId: null });
  await subscribers.fillIn(filledIn);
  await stores.consent.addAll(agreed);
  const mayBeAsked = await oneOfEachMailbox(stores, toAsk, now);
  await stores.outbox.addAll(mayBeAsked.map((subscriber) => question(subscriber, deps, importId, now)));
  await stores.imports.settle(importId, done);
}

/** Addresses of one mailbox get one mail together, and none where it has had what it may get. */
async function oneOfEachMailbox(
  { mailAllowances }: Stores,
  toAsk: readonly Subscriber[],
  now: Date,
): Promise<Subscriber[]> {
  const firsts = new Map(
    toAsk.map((subscriber): [string, Subscriber] => [mailboxOf(subscriber.email), subscriber]).toReversed(),
  );
  const asked = [...firsts.keys()].map((mailbox) => ({ mailbox, isProven: false }));
  const free = await mailAllowances.claim('sign-up', ALLOWANCES['sign-up'], asked, now);
  return toAsk.filter((subscriber) => {
    const mailbox = mailboxOf(subscriber.email);
    return free.has(mailbox) && firsts.get(mailbox) === subscriber;
  });
}

/** Remembers who left the list, and lets those go whom only lists brought here. What people did here themselves stands. */
async function letGo(
  stores: Stores,
  { programme }: ImportDeps,
  leavers: readonly { line: number; person: FilePerson }[],
  known: ReadonlyMap<string, Subscriber>,
  importId: number,
  now: Date,
): Promise<SettledRow[]> {
  if (leavers.length === 0) return [];
  await stores.optOuts.addAll(
    leavers.map(({ person: { email, left } }) => ({
      email,
      at: left!.at === null ? now : new Date(left!.at),
      why: left!.why,
    })),
  );
  const here = leavers.flatMap(({ line, person: { email, left } }) => {
    const subscriber = known.get(email);
    return subscriber ? [{ line, subscriber, left: left! }] : [];
  });
  const byList = await stores.consent.byListOnly(here.map(({ subscriber }) => subscriber.id));
  const done: SettledRow[] = [];
  const entries: ConsentEntry[] = [];
  for (const { line, subscriber, left } of here) {
    const { id, language } = subscriber;
    const goes = byList.has(id) && left.why !== 'bounced' && (await stores.subscribers.unsubscribe(id, now));
    done.push({ line, outcome: goes ? 'opted-out' : 'left-alone', subscriberId: id });
    if (!goes) continue;
    entries.push({
      subscriberId: id,
      at: now,
      act: 'unsubscribed',
      how: { code: 'consent.import', values: { n: importId } },
      textVersion: textVersion(programme.consentVersion, language),
      ip: null,
      userAgent: null,
      details: { import: importId, why: left.why, leftAt: left.at },
    });
  }
  await stores.consent.addAll(entries);
  return done;
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
    userAgent: null,
  };
  return consent
    ? {
        ...about,
        ip: consent.ip,
        at: new Date(consent.at),
        act: 'confirmed',
        how: { code: 'consent.import-how', values: { n: importId, what: consent.how } },
        details: { import: importId, importedAt: now.toISOString() },
      }
    : {
        ...about,
        ip: null,
        at: now,
        act: 'signed-up',
        how: { code: 'consent.import', values: { n: importId } },
        details: { import: importId },
      };
}

function question(
  subscriber: Subscriber,
  { programme, links }: Pick<ImportDeps, 'programme' | 'links'>,
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
