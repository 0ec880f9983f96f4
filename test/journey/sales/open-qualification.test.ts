import { expect, it } from 'vitest';
import {
  type Crossing,
  openQualifications,
} from '../../../src/journey/sales/qualification/open-qualification.ts';
import { testProgramme } from '../../support/programme.ts';

// Who decides that an alert goes out, when, and to whom; without a database.

const MINUTE = 60_000;
/** A Tuesday, ten o'clock in Amsterdam. */
const at = new Date('2026-11-24T09:00:00Z');
const later = (ms: number) => new Date(at.getTime() + ms);
const programme = testProgramme();
const { holdMs } = programme.sales;

const crossing = (byPost: boolean, subscriberId = 1): Crossing => ({
  subscriberId,
  at,
  qualificationTrigger: { score: 13, rule: byPost ? 'form-call-back' : 'click-article', byPost },
});

async function open(
  crossings: Crossing[],
  known: { quietUntil?: string; sentAt?: Date; sales?: Partial<typeof programme.sales> } = {},
) {
  const opened: { handedTo: string | null; heldUntil: Date | null }[] = [];
  const alerts: { to: string; dueAt: Date; dedupeKey: string }[] = [];
  let turns = 0;
  const stores = {
    subscribers: {
      find: async (id: number) => ({ id, email: 'a@kade.example', language: 'en', phone: null }),
    },
    outbox: { add: async (mail: (typeof alerts)[number]) => alerts.push(mail) },
    qualifications: {
      quietUntil: async (ids: number[]) =>
        new Map(known.quietUntil ? ids.map((id) => [id, known.quietUntil]) : []),
      lastSentWithin: async () => new Map(known.sentAt ? [[1, known.sentAt]] : []),
      nextTurn: async () => turns++,
      open: async (one: (typeof opened)[number]) => opened.push(one),
      setAlert: async () => {},
    },
  };
  const sales = { ...programme.sales, ...known.sales };
  const qualified = await openQualifications(stores as never, crossings, { ...programme, sales });
  return { qualified, opened, alerts };
}

it('goes at once when a person pressed a button', async () => {
  const { alerts, opened } = await open([crossing(true)], { quietUntil: '2026-12-07', sentAt: later(-1000) });
  expect(alerts).toMatchObject([{ dueAt: at, dedupeKey: 'alert:1' }]);
  expect(opened).toMatchObject([{ heldUntil: null }]);
});

it('waits out the hold window, and whatever may still scan the last mail', async () => {
  expect((await open([crossing(false)])).alerts).toMatchObject([{ dueAt: later(holdMs) }]);
  const soon = await open([crossing(false)], { sentAt: later(-1000) });
  expect(soon.alerts[0]!.dueAt.getTime()).toBeGreaterThanOrEqual(at.getTime() + holdMs - 1000);
  const long = await open([crossing(false)], { sentAt: later(-90 * MINUTE) });
  expect(long.alerts).toMatchObject([{ dueAt: later(holdMs) }]);
});

it('is put off until the day that sales asked for, unless that is over', async () => {
  const { alerts, opened } = await open([crossing(false)], { quietUntil: '2026-12-07' });
  expect(opened[0]!.heldUntil?.toISOString()).toMatch(/^2026-12-07/);
  expect(alerts[0]!.dueAt).toEqual(opened[0]!.heldUntil);
  const past = await open([crossing(false)], { quietUntil: '2026-11-20' });
  expect([past.opened[0]!.heldUntil, past.alerts[0]!.dueAt]).toEqual([null, later(holdMs)]);
});

it('goes to those of the list in turn, and asks for a turn only where several take them', async () => {
  const to = ['one@tessel.example', 'two@tessel.example'];
  const both = await open([crossing(false, 1), crossing(false, 2)], {
    sales: { handOut: { rules: [], to } },
  });
  expect(both.alerts.map((alert) => alert.to)).toEqual(to);
  expect(both.qualified.map(({ subscriberId }) => subscriberId)).toEqual([1, 2]);
});

it('is nothing at all when nobody crossed', async () => {
  expect(await open([])).toEqual({ qualified: [], opened: [], alerts: [] });
});
