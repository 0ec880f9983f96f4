import { dueAt, planningWindow, slotsBetween } from '../domain/delivery/schedule.ts';
import { CALL_BACK_TARGET } from '../domain/links.ts';
import type { LeadEvent } from '../domain/scoring/lead-event.ts';
import { counted } from '../domain/text.ts';
import type { Hit } from '../domain/tracking/hit.ts';
import { setPreferences } from '../journey/audience/set-preferences.ts';
import { signUp } from '../journey/audience/sign-up.ts';
import { unsubscribe } from '../journey/audience/unsubscribe.ts';
import type { Queue } from '../journey/ports.ts';
import { recordOutcome } from '../journey/sales/record-outcome.ts';
import type { Runtime } from '../runtime.ts';
import { feedsRead } from './local-road.ts';
import { makePeople, type Person, seededRandom } from './people.ts';
import { until } from './road.ts';

const DAY = 86_400_000;
const HUMAN: Hit = {
  method: 'GET',
  ip: '192.0.2.10',
  userAgent: 'Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0',
  purpose: null,
};
const SCANNER: Hit = { method: 'HEAD', ip: '198.51.100.7', userAgent: 'SecurityScanner/1.0', purpose: null };

export interface Clock {
  now(): Date;
  set(to: Date): void;
}

/** When a history of so many weeks begins that ends at `end`. The program starts with its clock at that moment. */
export const beginOf = (end: Date, weeks: number): Date => new Date(end.getTime() - weeks * 7 * DAY);

/**
 * Lives through weeks up to `end` with made-up people: they sign up, get the scheduled issues by real SMTP, open, click and
 * leave; sales answers. The running program does its work by its own schedule, only its clock is moved on, and never back:
 * what feeds bring later is in no issue of before.
 */
export async function liveThroughWeeks(
  program: Runtime,
  queue: Queue,
  clock: Clock,
  options: { people: number; weeks: number; end: Date; tell: (line: string) => void },
): Promise<void> {
  const random = seededRandom(42);
  const { programme } = program;
  const [digest] = programme.digests;
  if (!digest) return;
  const { end } = options;
  const begin = beginOf(end, options.weeks);
  const people = makePeople(options.people, programme, random);
  const joinAt = people.map(
    () => new Date(begin.getTime() + random() ** 1.5 * (end.getTime() - begin.getTime())),
  );
  const joined = new Map<number, Person>();
  const waiting = new Set(people.keys());
  const join = async (until: Date) => {
    for (const index of [...waiting].filter((one) => (joinAt[one] as Date) < until)) {
      waiting.delete(index);
      const id = await signUpAndConfirm(
        program,
        queue,
        people[index] as Person,
        joinAt[index] as Date,
        random,
      );
      if (id !== null) joined.set(id, people[index] as Person);
    }
  };

  for (const slot of slotsBetween(digest.schedule, begin, new Date(end.getTime() - DAY))) {
    const due = dueAt(digest.schedule, slot, 'UTC');
    await join(new Date(due.getTime() - DAY));
    clock.set(new Date(due.getTime() - DAY));
    await feedsRead(program, programme, clock.now());
    // Opened when it is due for the first reader on earth, as always: what it may draw from is what there is then.
    clock.set(planningWindow(digest.schedule, slot, digest.timeZone).firstDueAt);
    await until(`the issue of ${slot} to be opened`, () =>
      program.database.stores.issues.findBySlot(digest.id, slot),
    );
    clock.set(new Date(due.getTime() + 3_600_000));
    const issueId = await issueDone(program, slot);
    const sent = await react(program, queue, issueId, joined, due, random);
    clock.set(new Date(due.getTime() + 3 * DAY));
    await alertsSent(program, clock.now());
    await salesAnswers(program, clock.now(), random);
    options.tell(`${slot}: ${counted(joined.size, 'reader')}, issue ${issueId} to ${sent} of them`);
  }
  await join(end);
  await enterCosts(program, begin, end);
  clock.set(end);
}

async function signUpAndConfirm(
  program: Runtime,
  queue: Queue,
  person: Person,
  at: Date,
  random: () => number,
) {
  const { database, programme, links } = program;
  await signUp(
    { database, queue, programme, links },
    { signUp: person.signUp, ip: HUMAN.ip, userAgent: HUMAN.userAgent },
    at,
  );
  const subscriber = await database.stores.subscribers.findByEmail(person.signUp.email);
  if (!subscriber || random() < 0.12) return null;
  const { language, timeZone, name } = person.signUp;
  const preferences = {
    interests: person.interests,
    language,
    timeZone,
    name,
    frequency: 'every-issue' as const,
    pause: 'keep' as const,
    tracking: true,
  };
  const input = {
    subscriberId: subscriber.id,
    preferences,
    pageLanguage: language,
    hit: HUMAN,
    by: 'link' as const,
  };
  // Nobody here changes a name or comes back, so no such mail is written.
  const deps = {
    database,
    queue,
    programme,
    links,
    say: (_: string, key: string) => key,
    newSecret: () => '',
  };
  await setPreferences(deps, input, new Date(at.getTime() + 600_000));
  return subscriber.id;
}

async function issueDone(program: Runtime, slot: string): Promise<number> {
  return until(`the issue of ${slot} to be sent`, async () => {
    const { rows } = await program.pool.query<{ id: number; open: number }>(
      `select i.id, count(*) filter (where d.status in ('planned', 'claimed'))::int as open
         from issues i join deliveries d on d.issue_id = i.id where i.slot = $1 group by i.id`,
      [slot],
    );
    return rows[0]?.open === 0 && rows[0].id;
  });
}

/** Sales can answer only what it has been told. */
async function alertsSent(program: Runtime, now: Date): Promise<void> {
  await until('the alerts to sales to be sent', async () => {
    const { rows } = await program.pool.query(
      `select from outbox where kind = 'sales-alert' and status in ('planned', 'sending') and due_at <= $1 limit 1`,
      [now],
    );
    return rows.length === 0;
  });
}

async function react(
  program: Runtime,
  queue: Queue,
  issueId: number,
  joined: Map<number, Person>,
  due: Date,
  random: () => number,
): Promise<number> {
  const { database, programme, pool } = program;
  const links = await database.stores.issues.links(issueId);
  const { rows } = await pool.query<{ id: number; reader: number; article: number; language: string }>(
    `select d.id, d.subscriber_id as reader, s.language, (d.picks->0->>'articleId')::int as article
       from deliveries d join subscribers s on s.id = d.subscriber_id where d.issue_id = $1 and d.status = 'sent' order by d.id`,
    [issueId],
  );
  for (const { id: deliveryId, reader, article, language } of rows) {
    const person = joined.get(reader);
    if (!person) continue;
    const at = (hours: number) => new Date(due.getTime() + hours * 3_600_000);
    const leadEvents: LeadEvent[] = [];
    const click = (hours: number, wanted: (link: (typeof links)[number]) => boolean, machine = false) => {
      const link = links.find((one) => one.language === language && wanted(one));
      if (!link) return;
      const verdict = machine
        ? {
            class: 'machine' as const,
            reasons: [{ code: 'machine.asked-with' as const, values: { what: 'HEAD' } }],
          }
        : { class: 'human' as const, reasons: [] };
      leadEvents.push({
        kind: 'click',
        at: at(hours),
        deliveryId,
        linkNumber: link.number,
        hit: machine ? SCANNER : HUMAN,
        verdict,
      });
    };
    if (person.hasScanner)
      for (const { number } of links.slice(0, 3)) click(0.01, (link) => link.number === number, true);
    if (random() < 0.25 + person.keenness * 0.7) {
      const hours = 0.2 + random() * 30;
      leadEvents.push({
        kind: 'open',
        at: at(hours),
        deliveryId,
        hit: HUMAN,
        verdict: { class: 'human', reasons: [] },
      });
      if (random() < person.keenness * 0.75)
        click(hours + 0.02, (link) => link.role === 'article' && link.targetId === String(article));
      if (random() < person.keenness * 0.3)
        click(hours + 0.05, (link) => link.role === 'call-to-action' && link.url !== CALL_BACK_TARGET);
      if (random() < person.keenness * 0.15) click(hours + 0.07, (link) => link.role === 'footer');
      if (random() < person.keenness * 0.05) {
        click(hours + 0.09, (link) => link.url === CALL_BACK_TARGET);
        // Not everybody who looks at the form sends it.
        if (random() < 0.5) leadEvents.push(callBack(reader, deliveryId, at(hours + 0.1)));
      }
      const hasRead = leadEvents.some(({ kind }) => kind === 'click');
      if (hasRead && random() < 0.08)
        leadEvents.push({
          kind: 'download',
          at: at(hours + 0.2),
          subscriberId: reader,
          name: 'E-invoicing checklist',
          hit: HUMAN,
        });
    }
    if (leadEvents.length > 0) await database.inTransaction(({ ledger }) => ledger.record(leadEvents));
    if (random() < 0.006) {
      const left = {
        subscriberId: reader,
        deliveryId,
        how: 'unsubscribe-page' as const,
        pageLanguage: language,
        hit: HUMAN,
      };
      await unsubscribe({ database, programme }, left, at(31));
    }
  }
  await queue.add({ name: 'send-outbox' });
  return rows.length;
}

function callBack(subscriberId: number, deliveryId: number, at: Date): LeadEvent {
  const details = { phone: '+31 20 555 0199', bestTime: '' };
  return { kind: 'form', form: 'call-back', at, subscriberId, deliveryId, hit: HUMAN, details };
}

/** What these weeks cost, by month: falling a little, as it should. */
async function enterCosts({ database, programme }: Runtime, begin: Date, end: Date): Promise<void> {
  const staffEmail = (programme.staff.find(({ role }) => role === 'marketer') ?? programme.staff[0])?.email;
  if (!staffEmail) return;
  const months =
    12 * (end.getUTCFullYear() - begin.getUTCFullYear()) + end.getUTCMonth() - begin.getUTCMonth();
  for (let ahead = 0; ahead <= months; ahead++) {
    const first = new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + ahead, 1));
    const cost = { month: first.toISOString().slice(0, 10), amount: 2_449.5 - 75 * ahead };
    await database.stores.overview.setCost({
      ...cost,
      note: 'Software, content, time',
      at: end,
      staffEmail,
    });
  }
}

async function salesAnswers(program: Runtime, now: Date, random: () => number): Promise<void> {
  const seller = program.programme.staff.find(({ role }) => role === 'sales');
  const { rows } = await program.pool.query<{ id: number }>(
    `select q.id from qualifications q join outbox o on o.id = q.alert_id and o.status = 'sent'
      where q.closed_at is null order by q.id`,
  );
  for (const { id } of rows) {
    const luck = random();
    if (!seller || luck < 0.3) continue;
    const status = luck < 0.5 ? 'in-progress' : luck < 0.68 ? 'won' : luck < 0.85 ? 'lost' : 'rejected';
    const answer = {
      status,
      isDuplicate: luck > 0.97,
      hasRunningDeal: false,
      note: '',
      staffEmail: seller.email,
    } as const;
    await recordOutcome(program, { qualificationId: id, ...answer }, now);
  }
}
