import type { FastifyInstance } from 'fastify';
import { maskAddress } from '../../domain/audience/mask.ts';
import { REASONS } from '../../domain/audience/unsubscribe-answer.ts';
import { unsubscribe } from '../../journey/audience/unsubscribe.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { languageLinks, showPage } from './page.ts';
import { findReader, forReader, type TokenRequest } from './reader.ts';

/** Enough for one field, with the boundaries a mail provider puts around it. */
const BODY_LIMIT = 8 * 1024;

/**
 * Ending the newsletter: a page with a button for people, and the POST of RFC 8058 that mail programs send for
 * them. Providers send many of those from a few addresses, so this route has no rate limit.
 */
export function unsubscribePage(app: FastifyInstance, context: WebContext): void {
  app.register(async (scope) => {
    // The body is one field, in either of two encodings: read as it is, it needs no parser.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );

    scope.get(
      '/unsubscribe/:token',
      forReader(context, ({ subscriber, language }, request, reply) =>
        showPage(context, reply, 'unsubscribe', language, {
          address: maskAddress(subscriber.email),
          isOver: subscriber.status === 'unsubscribed' || subscriber.status === 'suppressed',
          preferencesUrl: preferencesPath(request),
          languageLinks: languageLinks(context, request, language),
        }),
      ),
    );

    scope.post(
      '/unsubscribe/:token',
      { config: { rateLimit: false } },
      async (request: TokenRequest, reply) => {
        if (isOneClick(request.body)) {
          const reader = await findReader(context, request);
          reply.type('text/plain; charset=utf-8').header('cache-control', 'no-store');
          if (!reader) return reply.code(404).send('This link is not complete: nobody was unsubscribed.\n');
          await commit(reader, request, 'one-click');
          return reply.send('You are unsubscribed.\n');
        }
        return answerPress(request, reply);
      },
    );
  });

  const answerPress = forReader(context, async (reader, request, reply) => {
    await commit(reader, request, 'unsubscribe-page');
    return showPage(context, reply, 'unsubscribed', reader.language, {
      address: maskAddress(reader.subscriber.email),
      preferencesUrl: preferencesPath(request),
      whyUrl: `/unsubscribe/${request.params.token}/why`,
      reasons: REASONS,
    });
  });

  function commit(
    reader: NonNullable<Awaited<ReturnType<typeof findReader>>>,
    request: TokenRequest,
    how: 'unsubscribe-page' | 'one-click',
  ) {
    const { subscriber, deliveryId, language } = reader;
    const input = {
      subscriberId: subscriber.id,
      deliveryId,
      how,
      pageLanguage: language,
      hit: readHit(request),
    };
    return unsubscribe(context, input, context.now());
  }
}

function preferencesPath(request: TokenRequest): string {
  return `/preferences/${request.params.token}`;
}

/** RFC 8058: the field List-Unsubscribe with the value One-Click, urlencoded or as multipart/form-data. */
function isOneClick(body: unknown): boolean {
  if (typeof body !== 'string') return false;
  if (/(^|&)List-Unsubscribe=One-Click(&|\s*$)/i.test(body)) return true;
  const part = /name="?List-Unsubscribe"?/i.exec(body);
  if (!part) return false;
  const [fields = '', value = ''] = body.slice(part.index, part.index + 1_000).split(/\r?\n\r?\n/, 2);
  return fields !== '' && /^\s*One-Click/i.test(value);
}
