import type { FastifyInstance } from 'fastify';
import { readUnsubscribeAnswer } from '../../domain/audience/unsubscribe-answer.ts';
import { answerWhy } from '../../journey/audience/answer-why.ts';
import type { WebContext } from '../context.ts';
import { oneOfEach, showPage } from './page.ts';
import { forReader } from './reader.ts';

const LIMIT = { config: { rateLimit: { max: 20, timeWindow: '10 minutes' } } };

/** The one question after unsubscribing. It changes nothing; who has not unsubscribed is not asked. */
export function whyUnsubscribed(app: FastifyInstance, context: WebContext): void {
  app.post(
    '/unsubscribe/:token/why',
    LIMIT,
    forReader(context, async ({ subscriber, language }, request, reply) => {
      const answer = readUnsubscribeAnswer(oneOfEach(request.body));
      if (answer) await answerWhy(context, { subscriber, answer }, context.now());
      return showPage(context, reply, 'unsubscribe-answered', language, {
        preferencesUrl: `/preferences/${request.params.token}`,
      });
    }),
  );
}
