import type { InboxMail, InboxStore } from '../../../journey/delivery/ports/inbox.ts';
import type { Queryable } from '../pool.ts';

const COLUMNS = 'id, received_at as "receivedAt", mail_from as "mailFrom", rcpt_to as "rcptTo", subject';

/** The mails of the built-in inbox. Only the embedded set-up fills it. */
export function inboxStore(db: Queryable): InboxStore {
  return {
    async add(mail) {
      await db.query(
        'insert into inbox_mails (received_at, mail_from, rcpt_to, subject, raw) values ($1, $2, $3, $4, $5)',
        [mail.receivedAt, mail.mailFrom, mail.rcptTo, mail.subject, mail.raw],
      );
    },

    async list({ to, search, limit, before }) {
      const { rows } = await db.query<InboxMail>(
        `select ${COLUMNS} from inbox_mails
          where ($1::text is null or $1 = any (rcpt_to))
            and ($2::text is null or position(lower($2) in lower(subject || ' ' || array_to_string(rcpt_to, ' '))) > 0)
            and ($3::bigint is null or id < $3)
          order by id desc limit $4`,
        [to?.toLowerCase() ?? null, search ?? null, before ?? null, limit],
      );
      return rows;
    },

    async find(id) {
      const { rows } = await db.query<InboxMail & { raw: Buffer }>(
        `select ${COLUMNS}, raw from inbox_mails where id = $1`,
        [id],
      );
      return rows[0] ?? null;
    },
  };
}
