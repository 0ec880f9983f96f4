import type { Preferences } from '../../domain/audience/preferences-form.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { textVersion } from '../../domain/audience/text-version.ts';
import type { Happening, Hit } from '../../domain/engagement/happening.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Database, Stores } from '../ports.ts';
import type { ConsentEntry } from './ports.ts';

export interface SetPreferencesDeps {
  database: Database;
  programme: Pick<Programme, 'consentVersion'>;
}

export interface SetPreferencesInput {
  subscriberId: number;
  preferences: Preferences;
  /** Of the page whose button was pressed: its words are what the reader agreed to. */
  pageLanguage: string;
  hit: Hit;
}

const WEEK_MS = 7 * 24 * 60 * 60_000;

/** `confirmed` and `returned` made the subscriber active; `unreachable` changed nothing, its mails do not arrive. */
export type PreferencesSet = 'confirmed' | 'returned' | 'changed' | 'unreachable';

/**
 * Commits the preference page: the press of its button is what confirms an address, and what brings back somebody who
 * had unsubscribed. Null when there is no such subscriber.
 */
export async function setPreferences(
  deps: SetPreferencesDeps,
  input: SetPreferencesInput,
  now: Date,
): Promise<PreferencesSet | null> {
  return deps.database.inTransaction(async (stores) => {
    const before = await stores.subscribers.lock(input.subscriberId);
    if (!before || before.erasedAt) return null;
    if (before.status === 'suppressed') return 'unreachable';
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
    if (!(await stores.subscribers.activate(before.id, now))) {
      if (!sameSet(before.interests, interests)) {
        await stores.consent.add({
          ...consent,
          act: 'interests-changed',
          details: { before: before.interests, interests },
        });
      }
      return 'changed';
    }
    const isReturn = before.confirmedAt !== null;
    await stores.consent.add({ ...consent, act: isReturn ? 'resubscribed' : 'confirmed' });
    await recordConfirmation(stores, before, input.hit, now);
    return isReturn ? 'returned' : 'confirmed';
  });
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
    how: 'preference page',
    textVersion: textVersion(deps.programme.consentVersion, input.pageLanguage),
    ip: input.hit.ip,
    userAgent: input.hit.userAgent,
    details: { interests: input.preferences.interests },
  };
}

/** The download that brought somebody here counts once the address is known to be theirs: at the first confirmation. */
async function recordConfirmation(stores: Stores, before: Subscriber, hit: Hit, now: Date): Promise<void> {
  const happenings: Happening[] = [{ kind: 'confirm', at: now, subscriberId: before.id, hit }];
  const download = before.source.download;
  if (download !== undefined && before.confirmedAt === null) {
    happenings.push({ kind: 'download', at: now, subscriberId: before.id, name: download, hit });
  }
  // What was done on the site under this address counts now that it is known to be theirs.
  happenings.push(...(await stores.touchpoints.release(before.id)));
  await stores.ledger.record(happenings);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item) => b.includes(item));
}
