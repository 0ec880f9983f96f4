import type {
  Frequency,
  Source,
  Stage,
  Subscriber,
  SubscriberStatus,
  Touch,
} from '../../../domain/audience/subscriber.ts';
import type { Affinities, PreferenceAdjustments } from '../../../domain/content/choosing/weights.ts';
import type {
  NewSubscriber,
  ProfileChange,
  SubscriberStore,
} from '../../../journey/audience/ports/subscribers.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';
import { keptReason, readReasonOrNull } from '../reason-column.ts';

const COLUMNS = [
  'id',
  'email',
  'status',
  'stage',
  'is_customer',
  'score',
  'mails_sent',
  'name',
  'company',
  'job_title',
  'phone',
  'industry',
  'company_size',
  'country',
  'language',
  'time_zone',
  'interests',
  'source',
  'last_touch',
  'frequency',
  'paused_until',
  'pause_reason',
  'tracking',
  'affinities',
  'leanings',
  'created_at',
  'confirmed_at',
  'unsubscribed_at',
  'last_act_at',
  'erased_at',
] as const;

/** The only columns that `change` may write. Status has functions of its own, which name where it starts from. */
const CHANGEABLE: Record<keyof ProfileChange, string> = {
  name: 'name',
  company: 'company',
  jobTitle: 'job_title',
  phone: 'phone',
  industry: 'industry',
  companySize: 'company_size',
  country: 'country',
  language: 'language',
  timeZone: 'time_zone',
  interests: 'interests',
  source: 'source',
  lastTouch: 'last_touch',
  frequency: 'frequency',
  pausedUntil: 'paused_until',
  pauseReason: 'pause_reason',
  tracking: 'tracking',
  leanings: 'leanings',
};

const AS_JSON: readonly string[] = ['source', 'lastTouch', 'leanings'] satisfies (keyof ProfileChange)[];

/**
 * What to select so that `readSubscriber` can read it. In a join give the table's alias and a prefix:
 * `select d.id, ${subscriberColumns('s', 'subscriber_')} …` goes with `readSubscriber(row, 'subscriber_')`.
 */
export function subscriberColumns(alias = 'subscribers', prefix = ''): string {
  return COLUMNS.map((column) => `${alias}.${column} as ${prefix}${column}`).join(', ');
}

function readTouch(kept: unknown): Touch | null {
  const touch = kept as { source: Source; at: string } | null | undefined;
  return touch ? { source: touch.source, at: new Date(touch.at) } : null;
}

/** Reads a row selected with `subscriberColumns`, or one made by `to_jsonb(subscribers)` (its times are texts). */
export function readSubscriber(row: Record<string, unknown>, prefix = ''): Subscriber {
  const value = (column: (typeof COLUMNS)[number]) => row[prefix + column];
  const time = (column: (typeof COLUMNS)[number]) => {
    const at = value(column);
    return at === null || at === undefined ? null : new Date(at as string | Date);
  };
  return {
    id: Number(value('id')),
    email: value('email') as string,
    status: value('status') as SubscriberStatus,
    stage: value('stage') as Stage,
    isCustomer: value('is_customer') as boolean,
    score: value('score') as number,
    mailsSent: value('mails_sent') as number,
    name: value('name') as string | null,
    company: value('company') as string | null,
    jobTitle: value('job_title') as string | null,
    phone: value('phone') as string | null,
    industry: value('industry') as string | null,
    companySize: value('company_size') as number | null,
    country: value('country') as string | null,
    language: value('language') as string,
    timeZone: value('time_zone') as string,
    interests: value('interests') as string[],
    source: value('source') as Source,
    lastTouch: readTouch(value('last_touch')),
    frequency: value('frequency') as Frequency,
    pausedUntil: time('paused_until'),
    pauseReason: readReasonOrNull(value('pause_reason') as string | null),
    tracking: value('tracking') as boolean,
    affinities: value('affinities') as Affinities,
    leanings: value('leanings') as PreferenceAdjustments,
    createdAt: new Date(value('created_at') as string | Date),
    confirmedAt: time('confirmed_at'),
    unsubscribedAt: time('unsubscribed_at'),
    lastActAt: time('last_act_at'),
    erasedAt: time('erased_at'),
  };
}

export function subscriberStore(db: Queryable): SubscriberStore {
  const one = async (rest: string, values: unknown[]): Promise<Subscriber | null> => {
    const { rows } = await db.query(`select ${subscriberColumns()} from subscribers ${rest}`, values);
    return rows[0] ? readSubscriber(rows[0]) : null;
  };

  const addAll = async (people: readonly NewSubscriber[]): Promise<Subscriber[]> => {
    if (people.length === 0) return [];
    const { rows } = await db.query(
      `insert into subscribers (email, name, company, job_title, phone, language, time_zone, interests, source, created_at,
                                industry, company_size, country, confirmed_at, status)
       select n.email, n.name, n.company, n."jobTitle", n.phone, n.language, n."timeZone", coalesce(n.interests, '{}'),
              n.source, n.at, n.industry, n."companySize", n.country,
              case when x.id is null then n."confirmedAt" end,
              case when x.id is not null then 'suppressed' when n."confirmedAt" is null then 'pending' else 'active' end
         from jsonb_to_recordset($1::jsonb) as n (
                email text, name text, company text, "jobTitle" text, phone text, language text, "timeZone" text,
                interests text[], source jsonb, at timestamptz, industry text, "companySize" integer, country text,
                "confirmedAt" timestamptz)
         left join suppressions x on x.email = n.email and x.lifted_at is null
        -- In the same order everywhere: two lists with the same people wait for one another, never in a circle.
        order by n.email
       on conflict (email) do nothing
       returning ${subscriberColumns()}`,
      [asJson(people)],
    );
    return rows.map((row) => readSubscriber(row));
  };

  return {
    find: (id) => one('where id = $1', [id]),
    findByEmail: (email) => one('where email = $1', [email]),
    findByDelivery: (deliveryId) =>
      one('where id = (select subscriber_id from deliveries where deliveries.id = $1)', [deliveryId]),
    lock: (id) => one('where id = $1 for update', [id]),

    add: async (subscriber) => (await addAll([subscriber]))[0]?.id ?? null,
    addAll,

    async lockAll(emails) {
      if (emails.length === 0) return [];
      const { rows } = await db.query(
        `select ${subscriberColumns()} from subscribers where email = any($1) order by id for update`,
        [emails],
      );
      return rows.map((row) => readSubscriber(row));
    },

    async fillIn(people) {
      if (people.length === 0) return;
      await db.query(
        `update subscribers s
            set name = coalesce(f.name, s.name), company = coalesce(f.company, s.company),
                job_title = coalesce(f."jobTitle", s.job_title), phone = coalesce(f.phone, s.phone),
                industry = coalesce(f.industry, s.industry), company_size = coalesce(f."companySize", s.company_size),
                country = coalesce(f.country, s.country), interests = coalesce(f.interests, s.interests)
           from jsonb_to_recordset($1::jsonb) as f (
             id bigint, name text, company text, "jobTitle" text, phone text, industry text, "companySize" integer,
             country text, interests text[])
          where s.id = f.id and s.id = any($2::bigint[])`,
        [asJson(people), people.map(({ id }) => id)],
      );
    },

    async change(id, fields) {
      const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
      if (entries.length === 0) return;
      const sets = entries.map(([field], at) => `${CHANGEABLE[field as keyof ProfileChange]} = $${at + 2}`);
      const values = entries.map(([field, value]) =>
        AS_JSON.includes(field) && value !== null ? asJson(value) : value,
      );
      await db.query(`update subscribers set ${sets.join(', ')} where id = $1`, [id, ...values]);
    },

    async activate(id, at) {
      const { rowCount } = await db.query(
        `update subscribers
            set status = 'active', confirmed_at = $2, unsubscribed_at = null
          where id = $1 and status in ('pending', 'unsubscribed') and erased_at is null`,
        [id, at],
      );
      return rowCount === 1;
    },

    async unsubscribe(id, at) {
      const { rowCount } = await db.query(
        `update subscribers
            set status = 'unsubscribed', unsubscribed_at = $2
          where id = $1 and status in ('pending', 'active')`,
        [id, at],
      );
      return rowCount === 1;
    },

    async leaveOutOfPlanned(id, reason) {
      const { rowCount } = await db.query(
        `update deliveries set status = 'cancelled', reason = $2 where subscriber_id = $1 and status = 'planned'`,
        [id, keptReason(reason)],
      );
      return rowCount ?? 0;
    },

    async askedForCallBack(id, since, phone) {
      const { rowCount } = await db.query(
        `select from events
          where subscriber_id = $1 and at > $2 and kind = 'form'
            and coalesce(details ->> 'form', 'call-back') = 'call-back'
            -- Another number corrects the wish.
            and details ->> 'phone' is not distinct from $3
            -- A wish that sales has answered is over: the next one is new, however soon it comes.
            and at > coalesce((select max(closed_at) from qualifications where subscriber_id = $1), '-infinity')
          limit 1`,
        [id, since, phone],
      );
      return rowCount === 1;
    },
  };
}
