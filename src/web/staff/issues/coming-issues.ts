import { planningWindow, slotsBetween } from '../../../domain/delivery/schedule.ts';
import { type Digest, inLanguage } from '../../../domain/programme.ts';
import type { ListedIssue } from '../../../journey/delivery/ports/issue-views.ts';
import type { WebContext } from '../../context.ts';

const DAY_MS = 86_400_000;
const SLOTS_AHEAD = 3;

/** A run of the schedule that is still to come, or is going out. */
export interface ComingSlot {
  digestId: string;
  name: string;
  day: Date;
  time: string;
  /** The hour is that of each reader's own clock; else of `timeZone`. */
  isOwnClock: boolean;
  timeZone: string;
  firstDueAt: Date;
  slot: string;
  /** The issue, once it is planned: that is as soon as the hour has come in the world's first zone. */
  issue: (ListedIssue & Progress) | null;
  /** Who gets it: as planned, or as there are readers now. */
  readers: number;
  /** Some of it is sent, so that there is something to follow. */
  isBegun: boolean;
}

export interface Progress {
  all: number;
  waiting: number;
  sent: number;
  skipped: number;
  failed: number;
  uncertain: number;
  percentDone: number;
}

/** The next runs of these digests, soonest first. `open` are the issues that are not over. */
export async function comingSlots(
  { database }: Pick<WebContext, 'database'>,
  digests: readonly Digest[],
  open: readonly ListedIssue[],
  now: Date,
  language: string,
): Promise<ComingSlot[]> {
  const { issueViews, issues } = database.stores;
  const slots = digests.flatMap((digest) => slotsOf(digest, now).map((one) => ({ digest, ...one })));
  const active = slots.length === 0 ? 0 : await issues.countActiveReaders();
  const coming = await Promise.all(
    slots.map(async ({ digest, slot, firstDueAt }): Promise<ComingSlot> => {
      const planned = open.find((one) => one.digestId === digest.id && one.slot === slot);
      const issue = planned ? { ...planned, ...progressOf(await issueViews.progress(planned.id)) } : null;
      const { hour, minute } = digest.schedule;
      return {
        digestId: digest.id,
        name: inLanguage(digest.name, language),
        day: new Date(`${slot}T12:00:00Z`),
        time: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`,
        isOwnClock: digest.timeZone === 'reader',
        timeZone: digest.timeZone,
        firstDueAt,
        slot,
        issue,
        readers: issue ? issue.all - issue.skipped : active,
        isBegun: issue !== null && issue.sent + issue.failed + issue.uncertain > 0,
      };
    }),
  );
  return coming.sort((a, b) => a.firstDueAt.getTime() - b.firstDueAt.getTime());
}

function slotsOf(digest: Digest, now: Date) {
  return slotsBetween(digest.schedule, now, new Date(now.getTime() + 120 * DAY_MS))
    .map((slot) => ({ slot, ...planningWindow(digest.schedule, slot, digest.timeZone) }))
    .filter(({ lastDueAt }) => lastDueAt > now)
    .slice(0, SLOTS_AHEAD);
}

export function progressOf(statuses: Record<string, number>): Progress {
  const count = (...names: string[]) => names.reduce((sum, name) => sum + (statuses[name] ?? 0), 0);
  const all = Object.values(statuses).reduce((sum, one) => sum + one, 0);
  const waiting = count('planned', 'claimed', 'sending');
  return {
    all,
    waiting,
    sent: count('sent'),
    skipped: count('skipped', 'cancelled'),
    failed: count('failed'),
    uncertain: count('uncertain'),
    percentDone: all === 0 ? 0 : Math.floor((100 * (all - waiting)) / all),
  };
}
