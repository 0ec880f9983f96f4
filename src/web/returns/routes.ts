import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  PROVIDER_NAMES,
  type Provider,
  type ProviderSettings,
} from '../../domain/returns/provider-posts/read-provider-post.ts';
import { keepPosts, keepSignedPost } from '../../journey/returns/keep-posts.ts';
import type { WebContext } from '../context.ts';
import { verifyMailgun } from './mailgun.ts';
import { verifyPostmark } from './postmark.ts';
import type { VerifiedPost, VerifyPost } from './provider-post.ts';
import { verifySendGrid } from './sendgrid.ts';
import { verifySes } from './ses.ts';

/** SendGrid puts many events into one post. */
const BODY_LIMIT = 4 * 1024 * 1024;
const MOST_CERTIFICATES = 20;

/** How each provider proves that a post is its own. */
const VERIFY: Readonly<Record<Provider, VerifyPost>> = {
  ses: verifySes,
  postmark: verifyPostmark,
  sendgrid: verifySendGrid,
  mailgun: verifyMailgun,
};

export interface ReturnIntake extends ProviderSettings {
  /** Gets a text over https; only ever asked for addresses of Amazon. */
  fetchText: (url: string) => Promise<string>;
}

/**
 * Where mail providers post what came back: /returns/ses (SNS), /returns/postmark and so on.
 * Each post is verified by the provider's own signature or secret, kept raw, and answered; a worker reads it later.
 */
export function returnRoutes(app: FastifyInstance, context: WebContext, intake: ReturnIntake): void {
  const certificates = new Map<string, Promise<string>>();

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );

    for (const provider of PROVIDER_NAMES)
      scope.post(`/returns/${provider}`, async (request, reply) => {
        const setting = intake[provider];
        if (setting === null) return notInUse(reply);
        const verified = await VERIFY[provider]({
          body: bodyOf(request),
          header: (name) => request.headers[name] as string | undefined,
          setting,
          now: context.now(),
          fetchText: intake.fetchText,
          fetchOnce: certificate,
          log: (details, message) => context.log.info(details, message),
        });
        if (!verified || !(await keep(provider, verified))) return refuse(reply, context, provider);
        return taken(reply);
      });
  });

  /** False when its signature has served before. */
  async function keep(source: Provider, verified: VerifiedPost): Promise<boolean> {
    if ('token' in verified) return keepSignedPost(context, { source, ...verified }, context.now());
    await keepPosts(context, { source, posts: verified.posts }, context.now());
    return true;
  }

  /** Fetched once; one that could not be had is asked for again by the next post. */
  function certificate(url: string): Promise<string> {
    const known = certificates.get(url);
    if (known) return known;
    if (certificates.size >= MOST_CERTIFICATES) certificates.clear();
    const fetching = intake.fetchText(url);
    certificates.set(url, fetching);
    fetching.catch(() => certificates.delete(url));
    return fetching;
  }
}

function bodyOf(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
}

function taken(reply: FastifyReply): FastifyReply {
  return reply.code(200).type('text/plain; charset=utf-8').send('taken\n');
}

function notInUse(reply: FastifyReply): FastifyReply {
  return reply
    .code(404)
    .type('text/plain; charset=utf-8')
    .send('This provider is not set up: see .env.example.\n');
}

function refuse(reply: FastifyReply, { log }: WebContext, provider: string): FastifyReply {
  log.warn({ provider }, 'a post to /returns was not signed as it must be: refused');
  return reply.code(403).type('text/plain; charset=utf-8').send('Not signed as it must be.\n');
}
