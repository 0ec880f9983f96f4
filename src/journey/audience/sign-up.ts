import { emptyFieldsFilled } from '../../domain/audience/profile-field.ts';
import type { SignUp } from '../../domain/audience/sign-up-form.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { textVersion } from '../../domain/audience/text-version.ts';
import { touchedBy } from '../../domain/audience/touch.ts';
import { confirmationMail } from '../../domain/delivery/confirmation-mail.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Database, Queue, Stores } from '../ports.ts';
import type { ProfileChange } from './ports.ts';

export interface SignUpDeps {
  database: Database;
  queue: Queue;
  links: Links;
  programme: Programme;
}

export interface SignUpInput {
  signUp: SignUp;
  ip: string | null;
  userAgent: string | null;
  /** What was typed and could not be read, by field: kept with the consent, so that it is not lost. */
  unread?: Readonly<Record<string, string>> | undefined;
}

/** Which mail the sign-up caused. For logs and tests: the visitor must not be told, it says who is on the list. */
export type SignUpMail = 'confirmation' | 'already-subscribed' | null;

/** Somebody else can type any address: its owner gets at most one mail of a kind in this time. */
const BETWEEN_MAILS_MS = 60 * 60_000;

/**
 * Takes a checked sign-up in: a new address becomes a pending subscriber and gets the confirmation mail; a known one
 * gets the mail that fits its status. Subscriber, consent entry and mail are written together or not at all.
 */
export async function signUp(deps: SignUpDeps, input: SignUpInput, now: Date): Promise<SignUpMail> {
  const mail = await deps.database.inTransaction(async (stores) => {
    const subscriber = await addOrFill(stores, input.signUp, now);
    const kind = mailFor(subscriber);
    if (kind === null) return null;
    const last = await stores.outbox.lastAddedAt(subscriber.id, kind);
    if (last !== null && now.getTime() - last.getTime() < BETWEEN_MAILS_MS) return null;
    await writeMail(stores, deps, subscriber, kind, now);
    if (kind === 'confirmation') await keepConsent(stores, deps, subscriber, input, now);
    return kind;
  });
  if (mail !== null) await deps.queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
  return mail;
}

async function addOrFill(stores: Stores, form: SignUp, now: Date): Promise<Subscriber> {
  const added = await stores.subscribers.add({ ...form, at: now });
  const id = added ?? (await stores.subscribers.findByEmail(form.email))?.id;
  // The row is held from here, so that two sign-ups of one address take turns at the hourly limit.
  const subscriber = id === undefined ? null : await stores.subscribers.lock(id);
  if (!subscriber) throw new Error('a subscriber was neither added nor found by the address');
  if (added === null && subscriber.status !== 'suppressed') {
    await stores.subscribers.change(subscriber.id, additions(subscriber, form, now));
  }
  return subscriber;
}

/** A later sign-up may be anybody's: it adds what was empty and overwrites nothing of who somebody is. */
function additions(subscriber: Subscriber, form: SignUp, at: Date): Partial<ProfileChange> {
  return { ...emptyFieldsFilled(subscriber, form), ...touchedBy(subscriber, { source: form.source, at }) };
}

function mailFor(subscriber: Subscriber): SignUpMail {
  if (subscriber.status === 'suppressed') return null;
  return subscriber.status === 'active' ? 'already-subscribed' : 'confirmation';
}

async function writeMail(
  stores: Stores,
  { programme, links }: SignUpDeps,
  subscriber: Subscriber,
  kind: 'confirmation' | 'already-subscribed',
  now: Date,
): Promise<void> {
  const mail = {
    dedupeKey: `${kind}:${subscriber.id}:${now.toISOString()}`,
    to: subscriber.email,
    language: subscriber.language,
    subscriberId: subscriber.id,
    dueAt: now,
    at: now,
  };
  if (kind === 'confirmation') {
    await stores.outbox.add({ ...mail, kind, data: confirmationMail({ programme, links, subscriber }) });
    return;
  }
  const data = {
    name: subscriber.name,
    preferencesUrl: links.preferences(subscriber.id),
    unsubscribeUrl: links.unsubscribe(subscriber.id),
  };
  await stores.outbox.add({ ...mail, kind, data });
}

async function keepConsent(
  stores: Stores,
  { programme }: SignUpDeps,
  subscriber: Subscriber,
  { signUp: form, ip, userAgent, unread }: SignUpInput,
  now: Date,
): Promise<void> {
  await stores.consent.add({
    subscriberId: subscriber.id,
    at: now,
    act: 'signed-up',
    how: 'sign-up form',
    textVersion: textVersion(programme.consentVersion, form.language),
    ip,
    userAgent,
    details: { source: form.source, ...(unread ? { unread } : {}) },
  });
}
