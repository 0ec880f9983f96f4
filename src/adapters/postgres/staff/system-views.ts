import type { SystemHealth, SystemViews } from '../../../journey/staff/ports/system-views.ts';
import type { Queryable } from '../pool.ts';

export function systemViews(db: Queryable): SystemViews {
  return {
    async health(now) {
      const { rows } = await db.query(HEALTH, [now]);
      const { health } = rows[0]!;
      const time = (text: string | null) => (text === null ? null : new Date(text));
      return {
        ...health,
        outbox: { ...health.outbox, oldestDueAt: time(health.outbox.oldestDueAt) },
        deliveries: { ...health.deliveries, oldestDueAt: time(health.deliveries.oldestDueAt) },
        webhooks: { ...health.webhooks, oldestDueAt: time(health.webhooks.oldestDueAt) },
        pendingHits: { ...health.pendingHits, oldestAt: time(health.pendingHits.oldestAt) },
        lastMailSentAt: time(health.lastMailSentAt),
        lastEventAt: time(health.lastEventAt),
      } as SystemHealth;
    },
  };
}

// Each count goes over the few rows of a partial index; history is never counted here.
const HEALTH = `
  select jsonb_build_object(
    'database', jsonb_build_object('version', split_part(version(), ' ', 2), 'bytes', pg_database_size(current_database())),
    'outbox', (select jsonb_build_object(
        'planned', count(*) filter (where status = 'planned' and due_at <= $1),
        'sending', count(*) filter (where status = 'sending'),
        'failed', count(*) filter (where status = 'failed' and created_at > $1::timestamptz - interval '7 days'),
        'uncertain', count(*) filter (where status = 'uncertain' and resolved_at is null),
        'oldestDueAt', min(due_at) filter (where status = 'planned' and due_at <= $1))
      from outbox where status in ('planned', 'sending', 'failed', 'uncertain')),
    'deliveries', jsonb_build_object(
        'due', (select count(*) from deliveries where status = 'planned' and due_at <= $1),
        'claimed', (select count(*) from deliveries where status = 'claimed' and not is_on_wire),
        'sending', (select count(*) from deliveries where status = 'claimed' and is_on_wire),
        'uncertain', (select count(*) from deliveries where status = 'uncertain' and resolved_at is null),
        'oldestDueAt', (select min(d.due_at) from issues i cross join lateral (
                          select min(due_at) as due_at from deliveries where issue_id = i.id and status = 'planned') d
                         where i.status in ('open', 'paused') and d.due_at <= $1)),
    'deadBatches', (select count(*) from batches b where b.lease_until < $1
                      and exists (select from deliveries d where d.batch_id = b.id and d.status = 'claimed')),
    'webhooks', (select jsonb_build_object(
        'planned', count(*) filter (where status = 'planned' and due_at <= $1),
        'failed', count(*) filter (where status = 'failed'),
        'oldestDueAt', min(due_at) filter (where status = 'planned' and due_at <= $1))
      from webhook_messages where status in ('planned', 'failed')),
    'pendingHits', (select jsonb_build_object('waiting', coalesce(sum(n), 0), 'oldestAt', min(at)) from arrived_events),
    'returns', jsonb_build_object('waiting', (select count(*) from returned_mails where status = 'waiting')),
    'imports', jsonb_build_object('running', (select count(*) from people_imports where status = 'running')),
    'lastMailSentAt', (select max(sent_at) from deliveries where status = 'sent'),
    'lastEventAt', greatest((select max(at) from events where kind = 'open'), (select max(at) from events where kind = 'click'))) as health`;
