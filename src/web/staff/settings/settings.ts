import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readEmailAddress } from '../../../domain/audience/email-address.ts';
import { redact } from '../../../domain/redact.ts';
import { cut } from '../../../domain/text.ts';
import {
  liftSuppression,
  listSuppressions,
  suppressAddress,
} from '../../../journey/returns/suppression-list.ts';
import { resendWebhookMessage } from '../../../journey/sales/manage-webhooks.ts';
import { makeApiKey, revokeApiKey, SCOPES } from '../../../journey/staff/manage-api-keys.ts';
import type { SystemHealth } from '../../../journey/staff/ports/system-views.ts';
import type { WebContext } from '../../context.ts';
import { touchName } from '../sales/touches.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage, withFlash } from '../staff-page.ts';
import { QUEUE_BOARD } from './queue.ts';

const PAGE = 50;
/** Longer than this something is stuck, not slow. */
const LATE_MS = 5 * 60_000;

type Body = Record<string, string | string[] | undefined>;
type Query = Record<string, string | undefined>;

/** Staff, keys, webhooks, addresses never written to, who changed what, and how the program is. */
export function staffSettings(app: FastifyInstance, context: WebContext): void {
  const marketers = { preHandler: staffOnly(context, ['marketer']) };
  const admins = { preHandler: staffOnly(context, []) };
  const { apiKeys, webhooks, audit, system } = context.database.stores;
  const me = (request: FastifyRequest) => request.staff!.member.email;
  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    section: string,
    data: Record<string, unknown>,
  ) => showStaffPage(context, request, reply, `settings-${section}`, { section, ...data });

  app.get('/staff/settings', marketers, async (request, reply) => {
    const now = context.now();
    const health = await system.health(now);
    return show(request, reply, 'health', {
      health,
      findings: findingsOf(health, now),
      megabytes: Math.round(health.database.bytes / 1_048_576),
      staff: context.programme.staff,
      queueBoard: context.queue.board ? QUEUE_BOARD : null,
    });
  });

  app.get<{ Querystring: Query }>('/staff/settings/suppressions', marketers, (request, reply) =>
    showSuppressions(request, reply, {}),
  );

  app.post<{ Body: Body }>('/staff/settings/suppressions/add', marketers, async (request, reply) => {
    const read = readEmailAddress(text(request.body.email));
    const why = cut(text(request.body.why), 300);
    if ('problem' in read || why === '') {
      const problem = 'problem' in read ? 'email' : 'why';
      return showSuppressions(request, reply.code(422), {
        problem,
        form: { email: text(request.body.email), why },
      });
    }
    await suppressAddress(context, { email: read.address, why, byWhom: me(request) }, context.now());
    return reply.redirect('/staff/settings/suppressions?saved=added', 303);
  });

  app.post<{ Body: Body }>('/staff/settings/suppressions/lift', marketers, async (request, reply) => {
    const email = text(request.body.email).toLowerCase();
    const why = cut(text(request.body.why), 300) || 'lifted on the settings page';
    await liftSuppression(context, { email, why, byWhom: me(request) }, context.now());
    return reply.redirect('/staff/settings/suppressions?saved=lifted', 303);
  });

  async function showSuppressions(request: FastifyRequest, reply: FastifyReply, extra: object) {
    const query = request.query as Query;
    const lifted = query.lifted === 'yes';
    const beforeId = /^\d{1,15}$/.test(query.before ?? '') ? Number(query.before) : null;
    const search = cut((query.search ?? '').trim(), 100);
    const list = await listSuppressions(context, {
      limit: PAGE + 1,
      lifted,
      ...(search ? { search } : {}),
      ...(beforeId === null ? {} : { beforeId }),
    });
    return show(request, reply, 'suppressions', {
      list: list.slice(0, PAGE),
      next: list.length > PAGE ? list[PAGE - 1]!.id : null,
      lifted,
      search,
      saved: ['added', 'lifted'].find((word) => word === query.saved),
      ...extra,
    });
  }

  app.get('/staff/settings/keys', admins, async (request, reply) => showKeys(request, reply, {}));

  app.post<{ Body: Body }>('/staff/settings/keys/make', admins, async (request, reply) => {
    const name = cut(text(request.body.name), 60);
    const wanted = [request.body.scope ?? []].flat();
    const scopes = SCOPES.filter((scope) => wanted.includes(scope));
    if (name === '' || scopes.length === 0) {
      return showKeys(request, reply.code(422), { problem: name === '' ? 'name' : 'scopes', name });
    }
    const deps = { ...context, newSecret: newKeySecret };
    const { key } = await makeApiKey(deps, { name, scopes, by: me(request) }, context.now());
    // Shown on this answer alone: no address leads to it again.
    return showKeys(request, reply, { made: { name, key } });
  });

  app.post<{ Body: Body }>('/staff/settings/keys/revoke', admins, async (request, reply) => {
    const id = Number(request.body.id) || 0;
    const isEnded = await revokeApiKey(context, { id, by: me(request) }, context.now());
    return reply.redirect(withFlash('/staff/settings/keys', isEnded ? 'key-revoked' : null), 303);
  });

  async function showKeys(request: FastifyRequest, reply: FastifyReply, extra: object) {
    return show(request, reply, 'keys', {
      keys: (await apiKeys.list()).toReversed(),
      scopes: SCOPES,
      ...extra,
    });
  }

  app.get<{ Querystring: Query }>('/staff/settings/webhooks', admins, async (request, reply) => {
    const webhookId = /^\d{1,15}$/.test(request.query.webhook ?? '') ? Number(request.query.webhook) : null;
    const [list, log] = await Promise.all([webhooks.list(true), webhooks.log({ webhookId, limit: PAGE })]);
    const urls = new Map(list.map(({ id, url }) => [id, redact(url)]));
    return show(request, reply, 'webhooks', {
      webhooks: list.map((webhook) => ({ ...webhook, url: redact(webhook.url) })),
      log: log.map((message) => ({
        ...message,
        url: urls.get(message.webhookId),
        last: message.attempts.at(-1) ?? null,
        mayResend: message.status === 'delivered' || message.status === 'failed',
      })),
      webhookId,
      saved: request.query.saved === 'yes',
    });
  });

  app.post<{ Body: Body }>('/staff/settings/webhooks/resend', admins, async (request, reply) => {
    const id = Number(request.body.id) || 0;
    await resendWebhookMessage(context, { id, by: me(request) }, context.now());
    return reply.redirect('/staff/settings/webhooks?saved=yes', 303);
  });

  app.get<{ Querystring: Query }>('/staff/settings/audit', admins, async (request, reply) => {
    const beforeId = /^\d{1,15}$/.test(request.query.before ?? '') ? Number(request.query.before) : null;
    const entries = await audit.list({ beforeId, limit: PAGE + 1 });
    return show(request, reply, 'audit', {
      entries: entries.slice(0, PAGE).map((entry) => ({
        ...entry,
        subject:
          entry.act === 'note-added'
            ? touchName(context, entry.subject, staffLanguage(context, request))
            : entry.subject,
      })),
      next: entries.length > PAGE ? entries[PAGE - 1]!.id : null,
    });
  });
}

const newKeySecret = () => randomBytes(24).toString('base64url');

function text(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value.trim() : '';
}

/** What a person should look at, each a text of the locales; nothing to look at is a finding too. */
function findingsOf(health: SystemHealth, now: Date): { id: string; n: number }[] {
  const isLate = (at: Date | null) => at !== null && now.getTime() - at.getTime() > LATE_MS;
  const { outbox, deliveries, webhooks, pendingHits, deadBatches } = health;
  const found = [
    isLate(deliveries.oldestDueAt) && { id: 'deliveriesLate', n: deliveries.due },
    isLate(outbox.oldestDueAt) && { id: 'outboxLate', n: outbox.planned },
    isLate(pendingHits.oldestAt) && { id: 'arrivalsLate', n: pendingHits.waiting },
    isLate(webhooks.oldestDueAt) && { id: 'webhooksLate', n: webhooks.planned },
    deadBatches > 0 && { id: 'deadBatches', n: deadBatches },
    deliveries.uncertain + outbox.uncertain > 0 && {
      id: 'uncertain',
      n: deliveries.uncertain + outbox.uncertain,
    },
    outbox.failed > 0 && { id: 'outboxFailed', n: outbox.failed },
    webhooks.failed > 0 && { id: 'webhooksFailed', n: webhooks.failed },
  ];
  return found.filter((one) => one !== false);
}
