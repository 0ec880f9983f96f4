import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { keepPosts, keepSignedPost } from '../../journey/returns/keep-posts.ts';
import type { ReturnSource } from '../../journey/returns/ports/returns.ts';
import type { WebContext } from '../context.ts';
import { mailgunToken } from './mailgun.ts';
import { isFromPostmark } from './postmark.ts';
import { isFromSendGrid, sendGridEvents } from './sendgrid.ts';
import { isCertificateAddress, isConfirmationAddress, isSignedBySns, readSns } from './ses.ts';
import type { ReturnIntakeSettings } from './settings.ts';

/** SendGrid puts many events into one post. */
const BODY_LIMIT = 4 * 1024 * 1024;
const MOST_CERTIFICATES = 20;

export interface ReturnIntake extends ReturnIntakeSettings {
  /** Gets a text over https; only ever asked for addresses of Amazon. */
  fetchText: (url: string) => Promise<string>;
}

/**
 * Where mail providers post what came back: /returns/ses (SNS), /returns/postmark, /returns/sendgrid, /returns/mailgun.
 * Each post is verified by the provider's own signature or secret, kept raw, and answered; a worker reads it later.
 */
export function returnRoutes(app: FastifyInstance, context: WebContext, intake: ReturnIntake): void {
  const certificates = new Map<string, Promise<string>>();

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) =>
      done(null, body),
    );

    scope.post('/returns/ses', async (request, reply) => {
      if (intake.sesTopic === null) return notInUse(reply);
      const message = readSns(bodyOf(request).toString('utf8'));
      if (!message || message.TopicArn !== intake.sesTopic || !isCertificateAddress(message.SigningCertURL))
        return refuse(reply, context, 'ses');
      if (!isSignedBySns(message, await certificate(message.SigningCertURL)))
        return refuse(reply, context, 'ses');
      if (message.Type === 'SubscriptionConfirmation') {
        if (!isConfirmationAddress(message.SubscribeURL ?? '')) return refuse(reply, context, 'ses');
        await intake.fetchText(message.SubscribeURL!);
        context.log.info({ topic: message.TopicArn }, 'SNS posts bounces and complaints from now on');
      } else if (message.Type === 'Notification') await keep('ses', [message.Message]);
      return taken(reply);
    });

    scope.post('/returns/postmark', async (request, reply) => {
      if (intake.postmark === null) return notInUse(reply);
      if (!isFromPostmark(request.headers.authorization, intake.postmark))
        return refuse(reply, context, 'postmark');
      await keep('postmark', [bodyOf(request).toString('utf8')]);
      return taken(reply);
    });

    scope.post('/returns/sendgrid', async (request, reply) => {
      if (intake.sendgridKey === null) return notInUse(reply);
      const field = (name: string) =>
        request.headers[`x-twilio-email-event-webhook-${name}`] as string | undefined;
      const body = bodyOf(request);
      const isTheirs = isFromSendGrid(
        { signature: field('signature'), timestamp: field('timestamp') },
        body,
        intake.sendgridKey,
      );
      const events = isTheirs ? sendGridEvents(body.toString('utf8')) : null;
      if (events === null) return refuse(reply, context, 'sendgrid');
      await keep('sendgrid', events);
      return taken(reply);
    });

    scope.post('/returns/mailgun', async (request, reply) => {
      if (intake.mailgunKey === null) return notInUse(reply);
      const body = bodyOf(request).toString('utf8');
      const token = mailgunToken(body, intake.mailgunKey, context.now());
      if (token === null) return refuse(reply, context, 'mailgun');
      const signed = { source: 'mailgun', post: withoutSignature(body), token } as const;
      if (!(await keepSignedPost(context, signed, context.now()))) return refuse(reply, context, 'mailgun');
      return taken(reply);
    });
  });

  const keep = (source: ReturnSource, posts: readonly string[]) =>
    keepPosts(context, { source, posts }, context.now());

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

/** Signed anew at each try: without it the same event is the same text, and kept once. */
function withoutSignature(body: string): string {
  const { signature: _, ...rest } = JSON.parse(body) as Record<string, unknown>;
  return JSON.stringify(rest);
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
