import type { PersonWords } from '../../../domain/audience/person-in-text.ts';
import { type ArticlePick, reasonOfPick } from '../../../domain/content/choosing/pick.ts';
import { ABOUT_LEADS } from '../../../domain/mail/mails.ts';
import type { OwnData, OwnDataStore } from '../../../journey/audience/ports/own-data.ts';
import { shownStatus } from '../delivery/delivery-status.ts';
import type { Queryable } from '../pool.ts';
import { keptReason, reasonJson } from '../reason-column.ts';
import { replaceTexts, textsThatMayName } from './person-texts.ts';

export function ownDataStore(db: Queryable): OwnDataStore {
  return {
    async addLink({ tokenHash, subscriberId, expiresAt }) {
      await db.query(
        'insert into own_data_links (token_hash, subscriber_id, expires_at) values ($1, $2, $3)',
        [tokenHash, subscriberId, expiresAt],
      );
    },

    async findLink(tokenHash) {
      const { rows } = await db.query<{ subscriberId: number; expiresAt: Date }>(
        'select subscriber_id as "subscriberId", expires_at as "expiresAt" from own_data_links where token_hash = $1',
        [tokenHash],
      );
      return rows[0] ?? null;
    },

    async everything(subscriberId) {
      const { rows } = await db.query<{ data: OwnData | null }>(EVERYTHING, [subscriberId]);
      const data = rows[0]?.data ?? null;
      return data && { ...data, mails: data.mails.map(withReasonsOfPicks) };
    },

    async erase(subscriberId, at, how) {
      const { rows } = await db.query<PersonWords>(
        'select email, name, phone from subscribers where id = $1 and erased_at is null for update',
        [subscriberId],
      );
      const person = rows[0];
      if (person === undefined) return null;
      for (const sql of ERASE)
        await db.query(sql, sql.includes('$2') ? [subscriberId, person.email] : [subscriberId]);
      await db.query(
        `update subscribers
            set email = 'erased-' || id || '@erased.invalid', name = null, company = null, job_title = null, phone = null,
                source = '{}', last_touch = null, interests = '{}', affinities = '{}', leanings = '{}', tracking = false,
                company_size = null, industry = null, country = null, time_zone = 'UTC',
                status = case when status = 'suppressed' then status else 'unsubscribed' end,
                unsubscribed_at = coalesce(unsubscribed_at, $2), erased_at = $2
          where id = $1`,
        [subscriberId, at],
      );
      await db.query(
        `insert into consent_entries (subscriber_id, email, at, act, how, text_version)
         select id, email, $2, 'erased', $3, '' from subscribers where id = $1`,
        [subscriberId, at, keptReason(how)],
      );
      return person;
    },

    textsThatMayName: (subscriberId, traces) => textsThatMayName(db, subscriberId, traces),
    replaceTexts: (texts) => replaceTexts(db, texts),

    async addUnsubscribeAnswer({ subscriberId, at, reason, note }) {
      await db.query(
        `with before as (
           delete from unsubscribe_answers where subscriber_id = $1 and at > $2::timestamptz - interval '1 day')
         insert into unsubscribe_answers (subscriber_id, at, reason, note) values ($1, $2, $3, $4)`,
        [subscriberId, at, reason, note],
      );
    },

    async unsubscribeReasons(since) {
      const { rows } = await db.query(
        `select reason, count(*)::int as count from unsubscribe_answers where at >= $1 group by 1 order by 2 desc, 1`,
        [since],
      );
      return rows as Awaited<ReturnType<OwnDataStore['unsubscribeReasons']>>;
    },
  };
}

/**
 * $1 is the person, $2 the address. What is left of an event is when and what, never who or from where. Only rows of this
 * person: what others hold in their texts is gone through by `textsThatMayName`.
 */
const ERASE = [
  `update consent_entries set email = 'erased-' || subscriber_id || '@erased.invalid', ip = null, user_agent = null, details = '{}'
    where subscriber_id = $1::bigint`,
  // What scoring reads when it looks back; all else in there was said by the person.
  `update events
      set ip = null, user_agent = null,
          details = (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(details)
                      where key in ('stage', 'number', 'round', 'form', 'page', 'outcome', 'qualificationId')
                         -- Of a file, or of what it was; in a form it is the person's.
                         or (key = 'name' and kind in ('download', 'touchpoint')))
    where subscriber_id = $1::bigint`,
  `delete from held_touchpoints where subscriber_id = $1::bigint`,
  `delete from pressed_buttons where subscriber_id = $1::bigint`,
  `delete from own_data_links where subscriber_id = $1::bigint`,
  `delete from change_links where subscriber_id = $1::bigint`,
  `update unsubscribe_answers set note = '' where subscriber_id = $1::bigint`,
  `update deliveries set status = 'cancelled', reason = '${keptReason({ code: 'skip.forgotten' })}'
    where subscriber_id = $1::bigint and status = 'planned'`,
  `update deliveries set smtp_reply = null where subscriber_id = $1::bigint`,
  // The mails of the try-out inbox: those to the person, and those to others about the person.
  `delete from inbox_mails
    where $2 = any(rcpt_to)
       or exists (select from outbox o where o.subscriber_id = $1::bigint
                   and position(convert_to(o.message_id, 'UTF8') in raw) > 0)`,
  `update outbox set to_address = 'erased-' || $1::bigint || '@erased.invalid', data = '{}',
          status = case when status = 'planned' then 'dropped' else status end,
          reason = case when status = 'planned' then '${keptReason({ code: 'skip.forgotten' })}' else reason end
    where subscriber_id = $1::bigint and (to_address = $2 or kind in (${ABOUT_LEADS.map((kind) => `'${kind}'`).join(', ')}))`,
  `update outcomes set note = '' where qualification_id in (select id from qualifications where subscriber_id = $1::bigint)`,
  `update returned_mails set raw = ''::bytea, recipient = null, diagnostic = null, evidence = null
    where subscriber_id = $1::bigint or lower(recipient) = $2`,
  `update suppressions set email = 'erased-' || $1::bigint || '@erased.invalid', why = '' where subscriber_id = $1::bigint`,
  `update webhook_messages
      set data = '{}', status = case when status in ('planned', 'sending') then 'failed' else status end
    where data -> 'lead' -> 'id' = to_jsonb($1::bigint)`,
  `update api_answers set body = '{}' where body -> 'subscriber' -> 'id' = to_jsonb($1::bigint)`,
  // A row that waits is not taken in any more: it would bring the person back.
  `update people_import_rows
      set fields = '[]', person = null, problems = '[]', notes = '[]',
          outcome = case when status = 'good' then 'left-alone' else outcome end,
          status = case when status = 'good' then 'done' else status end
    where subscriber_id = $1::bigint or lower(person ->> 'email') = $2
       or (person is null and exists (select from jsonb_array_elements_text(fields) cell where lower(trim(cell)) = $2))`,
  `update audit_entries set subject = 'erased', details = '{}' where subscriber_id = $1::bigint`,
];

/** What a pick was made of becomes why it was picked. */
function withReasonsOfPicks(mail: Record<string, unknown>): Record<string, unknown> {
  const articles = mail.articles as { pick: ArticlePick }[] | null;
  return {
    ...mail,
    articles: articles?.map(({ pick, ...article }) => ({ ...article, because: reasonOfPick(pick) })),
  };
}

const EVERYTHING = `
  select case when s.id is null then null else jsonb_build_object(
    'person', to_jsonb(s) - array['id', 'erased_at', 'email_domain', 'scored_until', 'order_matters_until'],
    'consent', (select coalesce(jsonb_agg(to_jsonb(c) - array['id', 'subscriber_id']
                                                || jsonb_build_object('how', ${reasonJson('c.how')}) order by c.id), '[]')
                  from consent_entries c where c.subscriber_id = s.id),
    'mails', (select coalesce(jsonb_agg(jsonb_build_object(
                  'issue', d.issue_id, 'status', ${shownStatus('d')}, 'due_at', d.due_at, 'sent_at', d.sent_at, 'reason', ${reasonJson('d.reason')},
                  'articles', (select jsonb_agg(jsonb_build_object('title', a.title, 'url', a.url, 'pick', p))
                                 from jsonb_array_elements(coalesce(d.picks, '[]')) p
                                 join articles a on a.id = (p ->> 'articleId')::bigint)) order by d.id), '[]')
                from deliveries d where d.subscriber_id = s.id),
    'otherMails', (select coalesce(jsonb_agg(jsonb_build_object('kind', o.kind, 'status', o.status, 'sent_at', o.sent_at)
                                             order by o.id), '[]')
                     from outbox o where o.subscriber_id = s.id and o.to_address = s.email),
    'acts', (select coalesce(jsonb_agg(jsonb_build_object(
                 'what', e.kind, 'at', e.at, 'taken_for', e.class, 'why', (select coalesce(jsonb_agg(${reasonJson('why')}), '[]') from unnest(e.class_reasons) as why), 'network', e.ip,
                 'program', e.user_agent, 'details', e.details) order by e.at, e.id), '[]')
               from events e where e.subscriber_id = s.id),
    'browsers', (select coalesce(jsonb_agg(to_jsonb(b) - 'subscriber_id' order by b.first_at), '[]')
                   from pressed_buttons b where b.subscriber_id = s.id),
    'points', (select coalesce(jsonb_agg(jsonb_build_object('at', p.at, 'points', p.points, 'for', ${reasonJson('p.cause')}) order by p.id), '[]')
                 from score_entries p where p.subscriber_id = s.id),
    'sales', (select coalesce(jsonb_agg(jsonb_build_object(
                  'handed_over_at', q.at, 'score', q.score, 'closed_at', q.closed_at,
                  'answers', (select jsonb_agg(jsonb_build_object('at', o.at, 'status', o.status, 'note', o.note) order by o.id)
                                from outcomes o where o.qualification_id = q.id)) order by q.id), '[]')
                from qualifications q where q.subscriber_id = s.id)) end as data
    from (select 1) one left join subscribers s on s.id = $1 and s.erased_at is null`;
