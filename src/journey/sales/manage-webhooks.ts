import type { Database, Queue } from '../ports.ts';
import type { WebhookStore } from './ports/webhooks.ts';

type Deps = { database: Pick<Database, 'inTransaction'> };

/** Another program is told from now on. Says the webhook's number. */
export async function addWebhook(
  { database }: Deps,
  { webhook, by }: { webhook: Parameters<WebhookStore['add']>[0]; by: string },
  now: Date,
): Promise<number> {
  return database.inTransaction(async ({ webhooks, audit }) => {
    const id = await webhooks.add(webhook);
    const { url, types, allowPrivate } = webhook;
    const details = { webhook: id, types, allowPrivate };
    await audit.add({ at: now, staffEmail: by, act: 'webhook-added', subject: url, details });
    return id;
  });
}

/** Tells it nothing more. False when there is none of this number. */
export async function removeWebhook(
  { database }: Deps,
  { id, by }: { id: number; by: string },
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async ({ webhooks, audit }) => {
    const webhook = (await webhooks.list(false)).find((one) => one.id === id);
    if (!(await webhooks.end(id, 'removed', now))) return false;
    const subject = webhook?.url ?? String(id);
    await audit.add({ at: now, staffEmail: by, act: 'webhook-removed', subject, details: { webhook: id } });
    return true;
  });
}

/** Plans a message that says nothing, to try the receiver. Says its number; null when there is no such webhook. */
export async function announceTest(
  { database, newSecret }: { database: Pick<Database, 'stores'>; newSecret: () => string },
  webhookId: number,
  now: Date,
): Promise<number | null> {
  return database.stores.webhooks.announceTo(webhookId, {
    type: 'webhook.test',
    dedupeKey: `test:${newSecret()}`,
    at: now,
    data: { text: 'A test message of Simmer. Nothing has happened to any lead.' },
  });
}

/** A message that was delivered or given up goes out again, under its id. False: there is no such message. */
export async function resendWebhookMessage(
  { database, queue }: Deps & { queue?: Pick<Queue, 'add'> },
  { id, by }: { id: number; by: string },
  now: Date,
): Promise<boolean> {
  const isPlanned = await database.inTransaction(async ({ webhooks, audit }) => {
    if (!(await webhooks.resend(id, now))) return false;
    await audit.add({ at: now, staffEmail: by, act: 'webhook-sent-again', subject: String(id) });
    return true;
  });
  if (isPlanned) await queue?.add({ name: 'send-webhooks' }, { key: 'send-webhooks' });
  return isPlanned;
}
