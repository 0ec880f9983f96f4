import { retryAt, retryUnreachableAt } from '../../../domain/delivery/retry.ts';
import { classifyReply } from '../../../domain/returns/returned-mail/classify-reply.ts';
import type { ClaimedDelivery, DeliveryFate, SendResult } from '../ports/deliveries.ts';

/** What the answer to a mail makes of its delivery. */
export function fateOf(
  delivery: ClaimedDelivery,
  result: SendResult,
  now: Date,
  jitter: number,
  mostTries: number,
): DeliveryFate {
  const { reply } = result;
  const about = { deliveryId: delivery.id, subscriberId: delivery.subscriber.id, reply };
  switch (result.status) {
    case 'sent':
      return { ...about, status: 'sent', at: now };
    case 'uncertain':
      return { ...about, status: 'uncertain' };
    case 'failed':
      return {
        ...about,
        status: 'failed',
        reason: result.isUnwritten
          ? { code: 'fail.unwritable', values: { error: reply } }
          : { code: 'fail.refused', values: { reply } },
        fault: faultOf(reply),
        suppress: result.badAddress,
      };
    case 'retry': {
      if (result.unreachable)
        return {
          ...about,
          status: 'retry',
          dueAt: retryUnreachableAt(now, jitter),
          attempts: delivery.attempts,
        };
      const attempts = delivery.attempts + 1;
      const dueAt = retryAt(attempts, now, jitter, mostTries);
      if (dueAt) return { ...about, status: 'retry', dueAt, attempts };
      const reason = { code: 'fail.given-up', values: { n: attempts, reply } } as const;
      return { ...about, status: 'failed', reason, fault: faultOf(reply), suppress: false };
    }
  }
}

const faultOf = (reply: string) => classifyReply(reply).reason;
