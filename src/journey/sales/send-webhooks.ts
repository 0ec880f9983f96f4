import { nextTryAt, webhookBody, webhookHeaders } from '../../domain/sales/webhook.ts';
import type { Log } from '../ports.ts';
import type {
  ClaimedMessage,
  MessageFate,
  WebhookAnswer,
  WebhookSender,
  WebhookStore,
} from './ports/webhooks.ts';

/** Longer than one try may take. A message whose worker died goes out again then: receivers tell repeats by its id. */
const LEASE_MS = 2 * 60_000;
const AT_ONCE = 10;

export interface SendWebhooksDeps {
  webhooks: Pick<WebhookStore, 'claimDue' | 'settle'>;
  webhookSender: WebhookSender;
  /** 0 to 1, for the pauses before further tries. */
  random: () => number;
  log: Log;
  /** Names this process in the rows that it holds. */
  worker?: string;
  /** Aborted for a graceful stop: what is under way is finished, nothing more is taken. */
  signal?: AbortSignal;
}

export type WebhookReport = Record<MessageFate['status'], number>;

/** Posts the messages that are due, each signed with the time of its try. Says what became of them. */
export async function sendWebhooks(deps: SendWebhooksDeps, clock: () => Date): Promise<WebhookReport> {
  const report: WebhookReport = { delivered: 0, retry: 0, failed: 0 };
  while (!deps.signal?.aborted) {
    const messages = await deps.webhooks.claimDue(clock(), LEASE_MS, AT_ONCE, deps.worker);
    const ends = await Promise.allSettled(
      messages.map(async (message) => {
        const fate = await sendOne(deps, message, clock);
        report[fate.status] += 1;
      }),
    );
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (messages.length < AT_ONCE) break;
  }
  return report;
}

async function sendOne(
  deps: SendWebhooksDeps,
  message: ClaimedMessage,
  clock: () => Date,
): Promise<MessageFate> {
  const { webhook } = message;
  const body = webhookBody(message);
  const headers = webhookHeaders(webhook.secret, message.messageId, clock(), body);
  const answer = await deps.webhookSender.post(webhook.url, body, headers, webhook);
  const now = clock();
  const fate = fateOf(message, answer, now, deps.random());
  await deps.webhooks.settle(message, answer, fate, now);
  if (fate.status === 'failed')
    deps.log.warn(
      { webhookId: webhook.id, message: message.id, status: answer.statusCode, error: answer.error },
      'a webhook message could not be delivered',
    );
  return fate;
}

function fateOf(message: ClaimedMessage, answer: WebhookAnswer, now: Date, jitter: number): MessageFate {
  const { statusCode } = answer;
  if (statusCode !== null && statusCode >= 200 && statusCode < 300) return { status: 'delivered' };
  // The specification: 410 means that nothing more is wanted there.
  if (statusCode === 410)
    return { status: 'failed', endWebhook: 'the receiver answered 410: it is gone for good' };
  const dueAt = nextTryAt(message.attempts + 1, now, jitter);
  return dueAt ? { status: 'retry', dueAt } : { status: 'failed', endWebhook: null };
}
