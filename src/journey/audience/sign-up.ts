import { accountDomain } from '../../domain/audience/free-mail.ts';
import { ALLOWANCES, signUpPaces } from '../../domain/audience/mail-allowance.ts';
import { mailboxOf } from '../../domain/audience/mailbox.ts';
import { firstNameOf } from '../../domain/audience/person-name.ts';
import { emptyFieldsFilled, type Profile } from '../../domain/audience/profile-field.ts';
import type { SignUp } from '../../domain/audience/sign-up-form.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { textVersion } from '../../domain/audience/text-version.ts';
import { touchedBy } from '../../domain/audience/touch.ts';
import type { Links } from '../../domain/links.ts';
import { confirmationMail } from '../../domain/mail/confirmation-mail.ts';
import type { Programme } from '../../domain/programme.ts';
import type { NewOutboxMail } from '../delivery/ports/outbox.ts';
import type { Database, Queue, Stores } from '../ports.ts';
import type { ConsentEntry } from './ports/subscribers.ts';

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
  /** Another form than that of the newsletter: who has decided about the newsletter before is not asked again. */
  isOtherForm?: boolean;
  /** Many people's sign-ups come from the network of the program that posts them. */
  isByProgram?: boolean;
}

/** Which mail the sign-up caused. For logs and tests: the visitor must not be told, it says who is on the list. */
export type SignUpMail = 'confirmation' | 'already-subscribed' | null;

/** The mail is written once the visitor has their answer: how long that takes must not tell whether there is one. */
const AFTER_ANSWER_MS = 250;

/**
 * Takes a checked sign-up in: a new address becomes a pending subscriber and gets the confirmation mail; a known one
 * gets the mail that fits its status. Subscriber, consent entry and mail are written together or not at all. Whoever it is
 * about, the database is asked the same, in the same order.
 */
export async function signUp(deps: SignUpDeps, input: SignUpInput, now: Date): Promise<SignUpMail> {
  const mail = await deps.database.inTransaction(async (stores) => {
    const { subscriber, isNew } = await addOrFill(stores, input, now);
    const kind = mailFor(subscriber, input);
    const due = (await isAllowed(stores, subscriber, kind, now)) ? kind : null;
    const dueAt = await stores.mailAllowances.takePlace(due === null ? [] : pacesOf(deps, input), now);
    await stores.outbox.addAll(due === null ? [] : [{ ...mailOf(deps, subscriber, due, now), dueAt }]);
    // What nobody has proven is kept with the wish, not on the person.
    const said =
      isNew || mayFill(subscriber, input.isByProgram ?? false)
        ? {}
        : emptyFieldsFilled(subscriber, input.signUp);
    const isAgreed = due === 'confirmation' || (isNew && kind === 'confirmation');
    const isKept = isAgreed || (due !== null && Object.keys(said).length > 0);
    await stores.consent.addAll(isKept ? [consentOf(deps, subscriber, input, said, now)] : []);
    return due;
  });
  // Not waited for: the schedule makes up for a lost reminder.
  if (mail !== null)
    deps.queue.add({ name: 'send-outbox' }, { key: 'send-outbox', delayMs: AFTER_ANSWER_MS }).catch(() => {});
  return mail;
}

async function addOrFill(
  stores: Stores,
  { signUp: form, isOtherForm = false, isByProgram = false }: SignUpInput,
  now: Date,
): Promise<{ subscriber: Subscriber; isNew: boolean }> {
  const added = await stores.subscribers.add({ ...form, at: now });
  // The row is held from here, so that two sign-ups of one address take turns.
  const [subscriber] = await stores.subscribers.lockAll([form.email]);
  if (!subscriber) throw new Error('a subscriber was neither added nor found by the address');
  const isTaken =
    added === null && subscriber.status !== 'suppressed' && !(isOtherForm && subscriber.status !== 'pending');
  const { source } = subscriber;
  await stores.subscribers.change(subscriber.id, {
    source,
    ...(isTaken && mayFill(subscriber, isByProgram) ? emptyFieldsFilled(subscriber, form) : {}),
    ...(isTaken ? touchedBy(subscriber, { source: form.source, at: now }) : {}),
  });
  return { subscriber, isNew: added !== null };
}

/** Somebody else can type any address, with any tag: what its mailbox gets is counted. */
async function isAllowed(
  { mailAllowances }: Stores,
  { email, confirmedAt }: Subscriber,
  kind: SignUpMail,
  now: Date,
): Promise<boolean> {
  const mailbox = mailboxOf(email);
  const asked = kind === null ? [] : [{ mailbox, isProven: confirmedAt !== null }];
  return (await mailAllowances.claim('sign-up', ALLOWANCES['sign-up'], asked, now)).has(mailbox);
}

function pacesOf({ programme }: SignUpDeps, { signUp: { email }, ip, isByProgram = false }: SignUpInput) {
  const domain = accountDomain(email, programme.sales.freeMailDomains);
  return signUpPaces({ domain, network: isByProgram ? null : ip });
}

/**
 * A later sign-up may be anybody's: it overwrites nothing of who somebody is, and adds what was empty only while nobody has
 * confirmed the address, or when a program with a key says it. Mails to a reader must not show what a stranger typed.
 */
function mayFill({ status, confirmedAt }: Subscriber, isByProgram: boolean): boolean {
  return isByProgram || (status === 'pending' && confirmedAt === null);
}

function mailFor({ status }: Subscriber, { isOtherForm = false }: SignUpInput): SignUpMail {
  if (status === 'suppressed' || (isOtherForm && status !== 'pending')) return null;
  return status === 'active' ? 'already-subscribed' : 'confirmation';
}

function mailOf(
  { programme, links }: SignUpDeps,
  subscriber: Subscriber,
  kind: 'confirmation' | 'already-subscribed',
  now: Date,
): NewOutboxMail {
  const mail = {
    dedupeKey: `${kind}:${subscriber.id}:${now.toISOString()}`,
    to: subscriber.email,
    language: subscriber.language,
    subscriberId: subscriber.id,
    dueAt: now,
    at: now,
  };
  if (kind === 'confirmation')
    return { ...mail, kind, data: confirmationMail({ programme, links, subscriber }) };
  const data = {
    name: firstNameOf(subscriber.name),
    preferencesUrl: links.preferences(subscriber.id),
    unsubscribeUrl: links.unsubscribe(subscriber.id),
  };
  return { ...mail, kind, data };
}

function consentOf(
  { programme }: SignUpDeps,
  { id: subscriberId }: Subscriber,
  { signUp: form, ip, userAgent, unread }: SignUpInput,
  said: Partial<Profile>,
  at: Date,
): ConsentEntry {
  return {
    subscriberId,
    at,
    act: 'signed-up',
    how: { code: 'consent.sign-up-form' },
    textVersion: textVersion(programme.consentVersion, form.language),
    ip,
    userAgent,
    details: {
      source: form.source,
      ...(unread ? { unread } : {}),
      ...(Object.keys(said).length > 0 ? { said } : {}),
    },
  };
}
