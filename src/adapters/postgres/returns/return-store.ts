import { createHash } from 'node:crypto';
import { TO_SUBSCRIBERS } from '../../../domain/mail/mails.ts';
import type { KeptReturnedMail, ReturnOwner, ReturnStore } from '../../../journey/returns/ports/returns.ts';
import type { Queryable } from '../pool.ts';
import { keptReason } from '../reason-column.ts';

/** After so many tries something is wrong with us: a person has to look, and nothing is lost meanwhile. */
const MOST_TRIES = 5;

/** What came back, in Postgres. */
export function returnStore(db: Queryable): ReturnStore {
  const owner = async (query: string, values: unknown[]): Promise<ReturnOwner | null> => {
    const { rows } = await db.query(query, values);
    return (rows[0] as ReturnOwner | undefined) ?? null;
  };
  return {
    async keep({ receivedAt, source, returnPath, alsoTo = [], raw }) {
      // The first address that has not had it yet holds the bytes; the others lean on them.
      for (let addresses = [returnPath, ...alsoTo]; addresses.length > 0; addresses = addresses.slice(1)) {
        const [first, ...others] = addresses.map((address) => fingerprint(source, address, raw));
        const { rowCount } = await db.query(
          `with first as (
             insert into returned_mails (received_at, source, return_path, raw, fingerprint)
             values ($1, $2, $3, $4, $5) on conflict (fingerprint) do nothing
             returning id),
           others as (
             insert into returned_mails (received_at, source, return_path, raw, fingerprint, bytes_of)
             select $1, $2, address, '', print, first.id
               from first, unnest($6::text[], $7::text[]) as further (address, print)
             on conflict (fingerprint) do nothing)
           select from first`,
          [receivedAt, source, addresses[0], raw, first, addresses.slice(1), others],
        );
        if (rowCount === 1) return true;
      }
      return false;
    },

    async keepSigned(mail, token) {
      const { source, raw, receivedAt } = mail;
      // A provider that heard no answer may send the same again.
      const { rowCount } = await db.query(
        `insert into signatures_used (source, token, post, used_at) values ($1, $2, $3, $4)
         on conflict (source, token) do update set used_at = signatures_used.used_at
           where signatures_used.post = excluded.post`,
        [source, sha256(token), sha256(raw), receivedAt],
      );
      if (rowCount === 1) await this.keep(mail);
      return rowCount === 1;
    },

    async waiting(limit) {
      const { rows } = await db.query<{ id: number }>(
        `select id from returned_mails where status = 'waiting' and attempts < $2 order by id limit $1`,
        [limit, MOST_TRIES],
      );
      return rows.map(({ id }) => id);
    },

    async load(id) {
      const { rows } = await db.query<KeptReturnedMail>(
        `select t.id, t.received_at as "receivedAt", t.source, t.return_path as "returnPath",
                coalesce(o.raw, t.raw) as raw
           from returned_mails t left join returned_mails o on o.id = t.bytes_of
          where t.id = $1 and t.status = 'waiting'`,
        [id],
      );
      return rows[0] ?? null;
    },

    async lock(id) {
      const { rowCount } = await db.query(
        `select from returned_mails where id = $1 and status = 'waiting' for no key update skip locked`,
        [id],
      );
      return rowCount === 1;
    },

    async settle(id, { finding, status, effect, at, subscriberId, deliveryId, issueId }) {
      await db.query(
        `update returned_mails
            set status = $2, kind = $3, reason = $4, recipient = $5, enhanced_status = $6, diagnostic = $7,
                evidence = $8, effect = $9, applied_at = $10, subscriber_id = $11, delivery_id = $12, issue_id = $13
          where id = $1 and status = 'waiting'`,
        [
          id,
          status,
          finding.kind,
          finding.reason,
          withoutNul(finding.recipient),
          finding.status,
          withoutNul(finding.diagnostic),
          withoutNul(finding.evidence),
          keptReason(effect),
          at,
          subscriberId,
          deliveryId,
          issueId,
        ],
      );
      // Its bytes, and those it leaned on, unless another address still waits for them.
      await db.query(
        `update returned_mails t set raw = ''
          where t.id in (select unnest(array[id, bytes_of]) from returned_mails where id = $1)
            and t.status <> 'waiting' and octet_length(t.raw) > 0
            and not exists (select from returned_mails o where o.bytes_of = t.id and o.status = 'waiting')`,
        [id],
      );
    },

    async forget(before) {
      await db.query(
        `delete from returned_mails
          where status = 'ignored' and subscriber_id is null and applied_at < $1`,
        [before],
      );
      await db.query(
        `update returned_mails
            set status = 'ignored', kind = 'not-a-bounce', raw = '', applied_at = $1
          where status = 'waiting' and attempts >= $2 and received_at < $1`,
        [before, MOST_TRIES],
      );
      await db.query('delete from signatures_used where used_at < $1', [before]);
    },

    async noteFailure(id, what) {
      await db.query(
        `update returned_mails set attempts = attempts + 1, effect = $2 where id = $1 and status = 'waiting'`,
        [id, what],
      );
    },

    ownerOfDelivery: (deliveryId) =>
      owner(
        `select subscriber_id as "subscriberId", id as "deliveryId", issue_id as "issueId"
           from deliveries where id = $1`,
        [deliveryId],
      ),

    ownerOfOutbox: (outboxId) =>
      owner(
        `select subscriber_id as "subscriberId", null::bigint as "deliveryId", null::bigint as "issueId"
           from outbox
          where id = $1 and kind = any($2)`,
        [outboxId, TO_SUBSCRIBERS],
      ),

    ownerOfMessage: (deliveryId, messageId) =>
      owner(
        `select subscriber_id as "subscriberId", id as "deliveryId", issue_id as "issueId"
           from deliveries where id = $1 and message_id = $2`,
        [deliveryId, messageId],
      ),

    async softInARow(subscriberId) {
      const { rows } = await db.query<{ count: number; first: Date | null; last: Date | null }>(
        `with mails as (
           select d.id,
                  (select min(r.received_at) from returned_mails r
                    where r.delivery_id = d.id and r.kind = 'soft-bounce') as came_back_at
             from deliveries d
            where d.subscriber_id = $1 and d.status = 'sent')
         select count(*)::int as count, min(came_back_at) as first, max(came_back_at) as last
           from mails
          where came_back_at is not null
            and id > coalesce((select max(id) from mails where came_back_at is null), 0)`,
        [subscriberId],
      );
      return rows[0]!;
    },
  };
}

/** What makes two of them the same one: a provider posts again until it is answered, and so do mail servers. */
function fingerprint(source: string, returnPath: string | null, raw: Buffer): string {
  return createHash('sha256')
    .update(`${source}\n${returnPath?.toLowerCase() ?? ''}\n`)
    .update(raw)
    .digest('hex');
}

/** Postgres text takes no NUL. */
function withoutNul(text: string | null): string | null {
  return text === null ? null : text.replaceAll('\0', '');
}

const sha256 = (of: string | Buffer): Buffer => createHash('sha256').update(of).digest();
