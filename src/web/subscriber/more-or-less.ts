import type { FastifyInstance, FastifyReply } from 'fastify';
import { inLanguage } from '../../domain/programme.ts';
import { askForMore } from '../../journey/audience/ask-for-more.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { languageLinks, showPage } from './page.ts';
import { forReader, type Reader, type TokenRequest } from './reader.ts';

const LIMIT = { config: { rateLimit: { max: 60, timeWindow: '10 minutes' } } };

/** "More of this" and "less of this" below an article: the link opens a page, its button makes the wish. */
export function moreOrLessPages(app: FastifyInstance, context: WebContext): void {
  for (const wish of ['more', 'less'] as const) {
    app.get(
      `/${wish}/:token/:number`,
      forReader(context, async (reader, request, reply) => {
        const { choosing } = context.database.stores;
        const number = linkNumber(request);
        const article =
          reader.deliveryId === null || number === null
            ? null
            : await choosing.articleBehind(reader.deliveryId, number);
        if (!article) return showGone(context, reader, request, reply);
        return showPage(context, reply, 'more-or-less', reader.language, {
          isMore: wish === 'more',
          titleKey: `subscriber.moreOrLess.${wish === 'more' ? 'titleMore' : 'titleLess'}`,
          article: article.title,
          interest: interestLabel(context, article.interest, reader.language),
          otherUrl: otherWish(request, wish),
          languageLinks: languageLinks(context, request, reader.language),
        });
      }),
    );

    app.post(
      `/${wish}/:token/:number`,
      LIMIT,
      forReader(context, async (reader, request, reply) => {
        const { deliveryId, language } = reader;
        const number = linkNumber(request);
        const input = { wish, hit: readHit(request) };
        const asked =
          deliveryId === null || number === null
            ? null
            : await askForMore(context, { ...input, deliveryId, linkNumber: number }, context.now());
        if (!asked) return showGone(context, reader, request, reply);
        return showPage(context, reply, 'more-or-less-done', language, {
          interest: interestLabel(context, asked.interest, language),
          isMore: asked.leaning > 0,
          isLess: asked.leaning < 0,
          otherUrl: otherWish(request, wish),
          preferencesUrl: preferencesPath(request),
        });
      }),
    );
  }
}

function showGone(
  context: WebContext,
  { language }: Reader,
  request: TokenRequest,
  reply: FastifyReply,
): FastifyReply {
  return showPage(context, reply.code(404), 'more-or-less-gone', language, {
    preferencesUrl: preferencesPath(request),
  });
}

/** A number that is none of ours in any spelling reaches no database. */
function linkNumber(request: TokenRequest): number | null {
  const { number } = request.params as unknown as { number: string };
  return /^[1-9]\d{0,6}$/.test(number) ? Number(number) : null;
}

function otherWish(request: TokenRequest, wish: 'more' | 'less'): string {
  const { token, number } = request.params as unknown as { token: string; number: string };
  return `/${wish === 'more' ? 'less' : 'more'}/${token}/${number}`;
}

function preferencesPath(request: TokenRequest): string {
  return `/preferences/${request.params.token}`;
}

function interestLabel(context: WebContext, id: string, language: string): string {
  const interest = context.programme.interests.find((one) => one.id === id);
  return interest ? inLanguage(interest.label, language) : id;
}
