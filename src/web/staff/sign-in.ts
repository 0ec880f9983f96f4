import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { hashSecret, SESSION_DAYS, safeNextPath } from '../../domain/sales/sign-in.ts';
import { completeSignIn, requestSignIn } from '../../journey/sales/sign-in.ts';
import type { WebContext } from '../context.ts';
import { SESSION_COOKIE, staffOnly } from './session.ts';

/**
 * Signing in by a link in a mail. Opening the link only shows a button: a mail scanner that follows it uses nothing up.
 */
export function staffSignIn(app: FastifyInstance, context: WebContext): void {
  const newSecret = () => randomBytes(32).toString('base64url');
  const deps = { ...context, newSecret };
  const language = context.programme.defaultLanguage;
  const show = (reply: FastifyReply, page: string, data: Record<string, unknown>) =>
    reply
      .type('text/html')
      .header('cache-control', 'no-store')
      .send(context.page(page, language, data));
  const limit = { config: { rateLimit: { max: 10, timeWindow: '10 minutes' } } };

  app.get<{ Querystring: { next?: string } }>('/staff/sign-in', (request, reply) =>
    show(reply, 'staff/sign-in', { next: safeNextPath(request.query.next), hasInbox: context.hasInbox }),
  );

  app.post<{ Body: { email?: string; next?: string } }>('/staff/sign-in', limit, async (request, reply) => {
    const { email = '', next } = request.body ?? {};
    await requestSignIn(deps, { email: String(email), nextPath: safeNextPath(next) }, context.now());
    return show(reply, 'staff/sign-in-sent', { email, hasInbox: context.hasInbox });
  });

  app.get<{ Params: { secret: string } }>('/staff/sign-in/:secret', (request, reply) =>
    show(reply.header('referrer-policy', 'no-referrer'), 'staff/sign-in-button', {
      secret: request.params.secret,
    }),
  );

  app.post<{ Params: { secret: string } }>('/staff/sign-in/:secret', limit, async (request, reply) => {
    const signedIn = await completeSignIn(deps, request.params.secret, context.now());
    if (!signedIn) return show(reply.code(410), 'staff/sign-in', { next: '/staff', expired: true });
    return reply
      .setCookie(SESSION_COOKIE, signedIn.sessionSecret, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: context.publicUrl.startsWith('https:'),
        maxAge: SESSION_DAYS * 86_400,
      })
      .redirect(signedIn.nextPath, 303);
  });

  app.post('/staff/sign-out', { preHandler: staffOnly(context) }, async (request, reply) => {
    const secret = request.cookies[SESSION_COOKIE];
    if (secret) await context.database.stores.staff.endSession(hashSecret(secret));
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).redirect('/staff/sign-in', 303);
  });
}
