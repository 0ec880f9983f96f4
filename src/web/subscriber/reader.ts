import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { readToken } from '../../domain/tokens.ts';
import type { WebContext } from '../context.ts';
import { showBrokenLink } from './broken-link.ts';
import { pageLanguage, showPage } from './page.ts';

export interface Reader {
  subscriber: Subscriber;
  /** The mail the link stood in, when the link knows it. */
  deliveryId: number | null;
  /** What this page is written in. */
  language: string;
}

export type TokenRequest = FastifyRequest<{ Params: { token: string } }>;

/** Who a link in a mail belongs to. Null when its token was not made by us, or its subscriber is gone. */
export async function findReader(context: WebContext, request: TokenRequest): Promise<Reader | null> {
  const subject = readToken(context.secrets, request.params.token);
  if (!subject) return null;
  const { subscribers } = context.database.stores;
  const deliveryId = subject.kind === 'delivery' ? subject.deliveryId : null;
  const subscriber = await (subject.kind === 'delivery'
    ? subscribers.findByDelivery(subject.deliveryId)
    : subscribers.find(subject.subscriberId));
  if (!subscriber) return null;
  return { subscriber, deliveryId, language: pageLanguage(context, request, subscriber.language) };
}

/** A handler for a link with a token: a wrong or altered one gets the page that helps, and reaches nothing else. */
export function forReader(
  context: WebContext,
  handle: (
    reader: Reader,
    request: TokenRequest,
    reply: FastifyReply,
  ) => Promise<FastifyReply> | FastifyReply,
) {
  return async (request: TokenRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const reader = await findReader(context, request);
    if (!reader) return showBrokenLink(context, request, reply);
    // Old mails outlive an erasure. Their links bring nobody back and show nothing: there is nothing left to show.
    if (reader.subscriber.erasedAt)
      return showPage(context, reply.code(410), 'own-data-erased', reader.language);
    return handle(reader, request, reply);
  };
}
