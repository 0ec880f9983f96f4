import type { Subscriber } from '../../domain/audience/subscriber.ts';
import type { readUnsubscribeAnswer } from '../../domain/audience/unsubscribe-answer.ts';
import type { Database } from '../ports.ts';

type UnsubscribeAnswer = NonNullable<ReturnType<typeof readUnsubscribeAnswer>>;

/** Why somebody has left, when they say so. Who has not left is not asked: nothing is kept then. */
export async function answerWhy(
  { database }: { database: Pick<Database, 'stores'> },
  { subscriber, answer }: { subscriber: Pick<Subscriber, 'id' | 'status'>; answer: UnsubscribeAnswer },
  now: Date,
): Promise<void> {
  if (subscriber.status !== 'unsubscribed') return;
  await database.stores.ownData.addUnsubscribeAnswer({ subscriberId: subscriber.id, at: now, ...answer });
}
