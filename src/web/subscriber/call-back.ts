import type { FastifyInstance } from 'fastify';
import { readCallBackForm } from '../../domain/audience/call-back-form.ts';
import { maskPhone } from '../../domain/audience/mask.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import { requestCallBack } from '../../journey/audience/request-call-back.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { languageLinks, oneOfEach, shownProblems, showPage } from './page.ts';
import { forReader } from './reader.ts';

const LIMIT = { config: { rateLimit: { max: 60, timeWindow: '10 minutes' } } };

/** "Have us call you back": the link opens this page, its button tells sales at once. */
export function callBackPage(app: FastifyInstance, context: WebContext): void {
  app.get(
    '/call-back/:token',
    forReader(context, ({ subscriber, language }, request, reply) =>
      showPage(context, reply, 'call-back', language, {
        knownPhone: known(subscriber),
        values: {},
        problems: null,
        languageLinks: languageLinks(context, request, language),
      }),
    ),
  );

  app.post(
    '/call-back/:token',
    LIMIT,
    forReader(context, async ({ subscriber, deliveryId, language }, request, reply) => {
      const inputs = oneOfEach(request.body);
      const read = readCallBackForm(inputs, subscriber.phone);
      if ('problems' in read) {
        return showPage(context, reply.code(422), 'call-back', language, {
          knownPhone: known(subscriber),
          values: inputs,
          problems: shownProblems(read.problems),
        });
      }
      const input = {
        subscriberId: subscriber.id,
        deliveryId,
        wish: read.wish,
        hit: readHit(request),
      };
      await requestCallBack(context, input, context.now());
      return showPage(context, reply, 'call-back-asked', language, {
        phone: read.wish.phone === subscriber.phone ? known(subscriber) : read.wish.phone,
      });
    }),
  );
}

/** The mail may have been passed on: its owner knows the number by its end. */
const known = ({ phone }: Pick<Subscriber, 'phone'>) => (phone === null ? null : maskPhone(phone));
