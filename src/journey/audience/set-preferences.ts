import { ALLOWANCES } from '../../domain/audience/mail-allowance.ts';
import { mailboxOf } from '../../domain/audience/mailbox.ts';
import type { Preferences } from '../../domain/audience/preferences-form.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { textVersion } from '../../domain/audience/text-version.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import type { LeadEvent } from '../../domain/scoring/lead-event.ts';
import { hashSecret } from '../../domain/staff/sign-in.ts';
import type { Hit } from '../../domain/tracking/hit.ts';
import type { Database, Queue, Say, Stores } from '../ports.ts';
import { proveBrowser } from '../tracking/judging/prove-browser.ts';
import type { ConsentEntry } from './ports/subscribers.ts';

export interface SetPreferencesDeps {
  database: Database;
  queue: Pick<Queue, 'add'>;
  programme: Pick<Programme, 'consentVersion' | 'machines'>;
  links: Pick<Links, 'confirmChange'>;
  say: Say;
  newSecret: () => string;
}

export interface SetPreferencesInput {
  subscriberId: number;
  preferences: Preferences;
  /** Of the page whose button was pressed: its words are what the reader agreed to. */
  pageLanguage: string;
  hit: Hit;
  /** 'link': of a mail, which may have been passed on. 'owner': mailed to the address alone, for this change. */
  by: 'link' | 'owner';
}

/** How long the mailed link works. */
export const CHANGE_HOURS = 48;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
/** A press by mistake is taken back at once; later it is asked who presses. */
const UNDO_MS = HOUR_MS;
/** One such mail in this time. */
const BETWEEN_MAILS_MS = 10 * 60_000;

/**
 * `confirmed` and `returned` made the subscriber active; `unreachable` changed nothing, its mails do not arrive. `asked`
 * changed nothing yet and `name-asked` all but the name: the address got a link to confirm it.
 */
export type PreferencesSet = 'confirmed' | 'returned' | 'changed' | 'name-asked' | 'asked' | 'unreachable';

/**
 * Commits the preference page: the press of its button is what confirms an address, and what brings back somebody who
 * had unsubscribed. Newsletters are passed on, so a link of one may change what is read, but neither the person's name nor
 * bring back who has left: those are confirmed by the address. Null when there is no such subscriber.
 */
export async function setPreferences(
  deps: SetPreferencesDeps,
  input: SetPreferencesInput,
  now: Date,
): Promise<PreferencesSet | null> {
  const set = await deps.database.inTransaction(async (stores): Promise<PreferencesSet | null> => {
    const before = await stores.subscribers.lock(input.subscriberId);
    if (!before || before.erasedAt) return null;
    if (before.status === 'suppressed') return 'unreachable';
    if (await mustBeAsked(stores, before, input.by, now)) {
      await askOwner(stores, deps, before, input, 'comeBack', now);
      return 'asked';
    }
    const name = input.preferences.name ?? before.name;
    const asksForName = input.by === 'link' && before.status !== 'pending' && name !== before.name;
    await commit(
      stores,
      deps,
      before,
      { ...input, preferences: { ...input.preferences, name: asksForName ? before.name : name } },
      now,
    );
    if (asksForName) await askOwner(stores, deps, before, input, 'name', now);
    if (input.by === 'owner') await stores.changeLinks.end(before.id);
    const isNew = await stores.subscribers.activate(before.id, now);
    if (isNew)
      await stores.mailAllowances.confirmed(mailboxOf(before.email), 'sign-up', ALLOWANCES['sign-up']);
    const { hit } = input;
    if (!isNew) await stores.heldMails.notePress(before.id, { network: hit.ip, agent: hit.userAgent }, now);
    const done = isNew && (await confirm(stores, deps, before, input, now));
    // What this browser followed before was followed by a person.
    await proveBrowser(stores, deps.programme.machines, { subscriberId: before.id, hit }, now);
    return done || (asksForName ? 'name-asked' : 'changed');
  });
  if (set === 'asked' || set === 'name-asked')
    await deps.queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
  return set;
}

/** Who left comes back by a link of an old mail only right after leaving, or when the address has asked anew since. */
async function mustBeAsked(
  stores: Stores,
  before: Subscriber,
  by: 'link' | 'owner',
  now: Date,
): Promise<boolean> {
  const left = before.unsubscribedAt;
  if (by === 'owner' || before.status !== 'unsubscribed' || left === null) return false;
  if (now.getTime() - left.getTime() < UNDO_MS && before.confirmedAt !== null) return false;
  const invited = await stores.outbox.lastAddedAt(before.id, 'confirmation');
  return invited === null || invited < left;
}

async function askOwner(
  { outbox, changeLinks, mailAllowances }: Stores,
  { links, say, newSecret }: SetPreferencesDeps,
  { id, email, language }: Subscriber,
  { preferences }: SetPreferencesInput,
  what: 'comeBack' | 'name',
  now: Date,
): Promise<void> {
  const mailbox = mailboxOf(email);
  const asked = [{ mailbox, isProven: false }];
  if (!(await mailAllowances.claim('change', ALLOWANCES.change, asked, now)).has(mailbox)) return;
  const secret = newSecret();
  const text = (key: string) =>
    say(language, `subscriber.confirmChange.mail.${key}`, { hours: CHANGE_HOURS });
  const added = await outbox.add({
    kind: 'notice',
    dedupeKey: `change:${id}:${Math.floor(now.getTime() / BETWEEN_MAILS_MS)}`,
    to: email,
    language,
    data: {
      subject: text(`${what}.subject`),
      paragraphs: [text(`${what}.text`), text('notYou')],
      url: links.confirmChange(secret),
    },
    subscriberId: id,
    dueAt: now,
    at: now,
  });
  if (added === null) return;
  const expiresAt = new Date(now.getTime() + CHANGE_HOURS * HOUR_MS);
  await changeLinks.add({ tokenHash: hashSecret(secret), subscriberId: id, preferences, expiresAt });
}

async function commit(
  stores: Stores,
  deps: SetPreferencesDeps,
  before: Subscriber,
  input: SetPreferencesInput,
  now: Date,
): Promise<void> {
  const { pause, ...change } = input.preferences;
  const { interests, tracking } = change;
  await stores.subscribers.change(before.id, { ...change, ...pauseChange(pause, now) });
  const consent = consentEntry(deps, input, before, now);
  if (tracking !== before.tracking) {
    await stores.consent.add({
      ...consent,
      act: tracking ? 'measuring-allowed' : 'measuring-refused',
      details: {},
    });
  }
  if (before.status === 'active' && !sameSet(before.interests, interests)) {
    await stores.consent.add({
      ...consent,
      act: 'interests-changed',
      details: { before: before.interests, interests },
    });
  }
}

async function confirm(
  stores: Stores,
  deps: SetPreferencesDeps,
  before: Subscriber,
  input: SetPreferencesInput,
  now: Date,
): Promise<'returned' | 'confirmed'> {
  const isReturn = before.confirmedAt !== null;
  await stores.consent.add({
    ...consentEntry(deps, input, before, now),
    act: isReturn ? 'resubscribed' : 'confirmed',
  });
  await recordConfirmation(stores, before, input.hit, now);
  return isReturn ? 'returned' : 'confirmed';
}

/** What the reader says takes the place of whatever pause there was, and of its reason. */
function pauseChange(
  pause: Preferences['pause'],
  now: Date,
): Partial<Pick<Subscriber, 'pausedUntil' | 'pauseReason'>> {
  if (pause === 'keep') return {};
  const pausedUntil = pause === 'none' ? null : new Date(now.getTime() + pause * WEEK_MS);
  return { pausedUntil, pauseReason: null };
}

function consentEntry(
  deps: SetPreferencesDeps,
  input: SetPreferencesInput,
  before: Subscriber,
  now: Date,
): Omit<ConsentEntry, 'act'> {
  return {
    subscriberId: before.id,
    at: now,
    how: { code: 'consent.preference-page' },
    textVersion: textVersion(deps.programme.consentVersion, input.pageLanguage),
    ip: input.hit.ip,
    userAgent: input.hit.userAgent,
    details: { interests: input.preferences.interests },
  };
}

/** The download that brought somebody here counts once the address is known to be theirs: at the first confirmation. */
async function recordConfirmation(stores: Stores, before: Subscriber, hit: Hit, now: Date): Promise<void> {
  const leadEvents: LeadEvent[] = [{ kind: 'confirm', at: now, subscriberId: before.id, hit }];
  const { download } = before.source;
  if (download !== undefined && before.confirmedAt === null) {
    leadEvents.push({ kind: 'download', at: now, subscriberId: before.id, name: download, hit });
  }
  // What was done on the site under this address counts now that it is known to be theirs.
  leadEvents.push(...(await stores.touchpoints.release(before.id)));
  await stores.ledger.record(leadEvents);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
