import { expect, it } from 'vitest';
import { asText, type Reason } from '../../../../src/domain/reason.ts';
import type { EventFacts, LedgerLine } from '../../../../src/journey/sales/ports/profiles.ts';
import type { Moment } from '../../../../src/journey/sales/show-profile.ts';
import { timelineLines } from '../../../../src/web/staff/people/timeline.ts';
import { tellIn } from '../../../support/say.ts';

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 9, minute));
const event = (id: number, minute: number, fields: Partial<EventFacts> = {}): Moment => ({
  kind: 'event',
  at: at(minute),
  event: {
    id,
    kind: 'click',
    at: at(minute),
    class: 'human',
    classReasons: [],
    arrivedAs: null,
    decidedBy: null,
    deliveryId: 1,
    link: null,
    userAgent: null,
    details: {},
    ...fields,
  },
});
const points = (minute: number, fields: Partial<LedgerLine>): Moment => ({
  kind: 'points',
  at: at(minute),
  entry: {
    points: 3,
    rule: 'click-article',
    at: at(minute),
    cause: { code: 'score.article', values: { what: 'A' } },
    ruleVersion: '1',
    deliveryId: 1,
    eventId: null,
    ...fields,
  },
});
const mail = (id: number, minute: number): Moment => ({
  kind: 'mail',
  at: at(minute),
  delivery: {
    id,
    issueId: id,
    digestId: 'news',
    status: 'sent',
    dueAt: at(minute),
    sentAt: at(minute),
    reason: null,
    picks: [
      { title: 'A', url: 'https://x.example', place: 'main', interest: 'payroll', reason: asText('best') },
    ],
  },
});
const outcome = (minute: number): Moment => ({
  kind: 'outcome',
  at: at(minute),
  outcome: {
    qualificationId: 1,
    at: at(minute),
    staffEmail: 'sam@tessel.example',
    status: 'won',
    isDuplicate: false,
    hasRunningDeal: false,
    note: 'signed',
    notBefore: null,
  },
});
const sent: Reason = { code: 'score.mail-sent', values: { n: 2 } };
const head: Reason = { code: 'machine.asked-with', values: { what: 'HEAD' } };
const lines = (...moments: Moment[]) =>
  timelineLines(moments, {
    tell: tellIn('en'),
    digest: () => 'Tessel News',
    touch: (name) => name,
  }).map(({ key, cause, detail, points: given, values }) =>
    [key ?? cause, detail, given, values.n].filter(Boolean),
  );

it('shows each mail once, with the point it cost', () => {
  const cost = { points: -1, rule: 'further-mail', cause: sent, deliveryId: 2 };
  expect(lines(points(2, cost), mail(2, 2), mail(1, 1))).toEqual([
    ['staff.timeline.mail.sent', 'A', '−1'],
    ['staff.timeline.mail.sent', 'A'],
  ]);
});

it('keeps what was corrected about a mail as a line of its own', () => {
  const cost = { points: -1, rule: 'further-mail', cause: sent, deliveryId: 2 };
  const cause = { code: 'score.rules-changed', values: { cause: sent, now: 0, before: -1 } } as const;
  const changed = { ...cost, points: 1, cause };
  const shown = lines(points(5, changed), points(2, cost), mail(2, 2));
  expect(shown).toEqual([
    ['the rules changed (worth 0, was -1): email 2 was sent', '+1'],
    ['staff.timeline.mail.sent', 'A', '−1'],
  ]);
});

it('shows what brought points once, whatever its rule is called, and sales’ answer with the points it took', () => {
  expect(
    lines(
      points(9, { points: -12, rule: 'returned', cause: { code: 'score.came-back' }, deliveryId: null }),
      outcome(9),
      points(4, { points: 4, rule: 'price-page', cause: asText('looked at the prices'), eventId: 7 }),
      event(7, 4, { kind: 'visit', deliveryId: null, details: { page: 'https://x.example/prices' } }),
      event(8, 3, { kind: 'click', link: { role: 'article', label: 'A', url: '' } }),
    ),
  ).toEqual([
    ['staff.timeline.outcome.won', 'sam@tessel.example: signed', '−12'],
    ['looked at the prices', '+4'],
    ['staff.timeline.again.click'],
  ]);
});

it('says what machines did with a mail in one line, with every reason once', () => {
  const machine = (id: number, reasons: Reason[], deliveryId = 1) =>
    event(id, 2, { class: 'machine', classReasons: reasons, deliveryId });
  expect(
    lines(
      machine(1, [head]),
      machine(2, [head, { code: 'machine.no-agent' }]),
      event(3, 2, { kind: 'open', class: 'machine', classReasons: [{ code: 'machine.data-centre' }] }),
      machine(4, [head]),
      machine(5, [head], 2),
    ),
  ).toEqual([
    ['staff.timeline.machine.click', 'asked with HEAD · names no agent', '3'],
    ['staff.timeline.machine.open', 'from a data centre', '1'],
    ['staff.timeline.machine.click', 'asked with HEAD', '1'],
  ]);
});
