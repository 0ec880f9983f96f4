import type { MailCount } from '../../../domain/audience/mail-allowance.ts';
import type { MailAllowanceStore } from '../../../journey/audience/ports/mail-allowances.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

/** A line that nobody has stood in for so long is over. */
const LINE_KEPT_MS = 24 * 3_600_000;

export function mailAllowanceStore(db: Queryable): MailAllowanceStore {
  return {
    async claim(purpose, { first, apartMs, laterMs }, asked, now) {
      // A statement may touch a row once.
      const rows = [...new Map(asked.map((one) => [one.mailbox, one])).values()];
      const { rows: claimed } = await db.query<{ mailbox: string; isFree: boolean }>(
        `insert into mail_allowances as had (mailbox, purpose, sent, last_at)
         select mailbox, $2, case when "isProven" then $3::integer else 1 end, $6
           from jsonb_to_recordset($1::jsonb) as asked (mailbox text, "isProven" boolean)
          -- In the same order everywhere: two lists with the same mailboxes wait for one another, never in a circle.
          order by mailbox
         on conflict (mailbox, purpose) do update
            set (sent, last_at, withheld, withheld_at) = (
                  select case when is_free then greatest(had.sent + 1, excluded.sent) else had.sent end,
                         case when is_free then $6::timestamptz else had.last_at end,
                         case when is_free then 0 else had.withheld + 1 end,
                         case when is_free then null else $6::timestamptz end
                    from (select had.last_at is null
                                 or $6 >= had.last_at + interval '1 millisecond'
                                        * case when greatest(had.sent, excluded.sent) >= $3 then $5::bigint else $4::bigint end
                                 as is_free) free)
         returning mailbox, withheld_at is null as "isFree"`,
        [asJson(rows), purpose, first, apartMs, laterMs, now],
      );
      return new Set(claimed.filter(({ isFree }) => isFree).map(({ mailbox }) => mailbox));
    },

    async confirmed(mailbox, purpose, { first }) {
      await db.query(
        `insert into mail_allowances as had (mailbox, purpose, sent) values ($1, $2, $3)
         on conflict (mailbox, purpose) do update
            set sent = greatest(had.sent, excluded.sent), last_at = null, withheld = 0, withheld_at = null`,
        [mailbox, purpose, first],
      );
    },

    async find(mailbox) {
      const { rows } = await db.query<MailCount>(
        `select purpose, sent, last_at as "lastAt", withheld, withheld_at as "withheldAt"
           from mail_allowances where mailbox = $1 order by purpose`,
        [mailbox],
      );
      return rows;
    },

    async takePlace(paces, now) {
      const { rows } = await db.query<{ dueAt: Date }>(
        `insert into sign_up_pace as line (key, free_at)
         select key, $2::timestamptz + interval '1 millisecond' * "everyMs"
           from jsonb_to_recordset($1::jsonb) as pace (key text, "everyMs" bigint)
          order by key
         on conflict (key) do update
            set free_at = greatest(line.free_at, $2::timestamptz) + (excluded.free_at - $2::timestamptz)
         returning free_at - interval '1 millisecond' * (
           select burst * "everyMs" from jsonb_to_recordset($1::jsonb) as pace (key text, burst bigint, "everyMs" bigint)
            where pace.key = line.key) as "dueAt"`,
        [asJson(paces), now],
      );
      // Never waits for another: a sign-up that stands in the line holds its row.
      await db.query(
        `delete from sign_up_pace
          where key in (select key from sign_up_pace where free_at < $1 order by free_at limit 20 for update skip locked)`,
        [new Date(now.getTime() - LINE_KEPT_MS)],
      );
      return new Date(Math.max(now.getTime(), ...rows.map(({ dueAt }) => dueAt.getTime())));
    },

    async forget(mailbox) {
      await db.query('delete from mail_allowances where mailbox = $1', [mailbox]);
    },
  };
}
