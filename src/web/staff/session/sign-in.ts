import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { findStaff, hashSecret, SESSION_DAYS, safeNextPath } from '../../../domain/staff/sign-in.ts';
import { cut } from '../../../domain/text.ts';
import { endSession } from '../../../journey/staff/own-account.ts';
import { completeSignIn, requestSignIn } from '../../../journey/staff/sign-in.ts';
import type { WebContext } from '../../context.ts';
import { readHit } from '../../hit.ts';
import { homeOf } from '../navigation.ts';
import { doneIn, staffLanguage } from '../staff-page.ts';
import { currentStaff, SESSION_COOKIE, staffOnly } from './session.ts';

/**
 * Signing in by a link in a mail. Opening the link only shows a button: a mail scanner that follows it uses nothing up.
 */
export function staffSignIn(app: FastifyInstance, context: WebContext): void {
  const newSecret = () => randomBytes(32).toString('base64url');
  const deps = { ...context, newSecret };
  const show = (request: FastifyRequest, reply: FastifyReply, page: string, data: Record<string, unknown>) =>
    reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .send(context.page(page, staffLanguage(context, request), data));
  const faultOf = (secret: string) =>
    context.database.stores.staff.signInLinkFault(hashSecret(secret), context.now());
  const limit = { config: { rateLimit: { max: 10, timeWindow: '10 minutes' } } };

  app.get<{ Querystring: { next?: string } }>('/staff/sign-in', (request, reply) =>
    show(request, reply, 'staff/sign-in', {
      next: safeNextPath(request.query.next),
      hasInbox: context.hasInbox,
      done: doneIn(request),
    }),
  );

  app.post<{ Body: { email?: string; next?: string } }>('/staff/sign-in', limit, async (request, reply) => {
    const { email = '', next } = request.body ?? {};
    const language = staffLanguage(context, request);
    await requestSignIn(
      deps,
      { email: String(email), nextPath: safeNextPath(next), language },
      context.now(),
    );
    return show(request, reply, 'staff/sign-in-sent', { email, hasInbox: context.hasInbox });
  });

  app.get<{ Params: { secret: string } }>('/staff/sign-in/:secret', async (request, reply) => {
    const { secret } = request.params;
    reply.header('referrer-policy', 'no-referrer');
    const fault = await faultOf(secret);
    if (fault === null) return show(request, reply, 'staff/sign-in-button', { secret });
    // Whoever opens the mail once more in the browser that it signed in is where they want to be.
    const here = await currentStaff(context, request);
    if (here) return reply.redirect(homeOf(here.member.role), 303);
    return show(request, reply.code(410), 'staff/sign-in', { next: '/staff', fault });
  });

  app.post<{ Params: { secret: string } }>('/staff/sign-in/:secret', limit, async (request, reply) => {
    const { ip, userAgent } = readHit(request);
    const from = { ip, userAgent: userAgent && cut(userAgent, 300) };
    const signedIn = await completeSignIn(deps, request.params.secret, context.now(), from);
    if (!signedIn) {
      const fault = (await faultOf(request.params.secret)) ?? 'unknown';
      return show(request, reply.code(410), 'staff/sign-in', { next: '/staff', fault });
    }
    const member = findStaff(context.programme.staff, signedIn.session.email);
    const { nextPath } = signedIn;
    return reply
      .setCookie(SESSION_COOKIE, signedIn.sessionSecret, {
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: context.publicUrl.startsWith('https:'),
        maxAge: SESSION_DAYS * 86_400,
      })
      .redirect(nextPath === '/staff' && member ? homeOf(member.role) : nextPath, 303);
  });

  app.post('/staff/sign-out', { preHandler: staffOnly(context) }, async (request, reply) => {
    const secret = request.cookies[SESSION_COOKIE];
    if (secret)
      await endSession(
        context,
        { email: request.staff!.member.email, idHash: hashSecret(secret) },
        context.now(),
      );
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).redirect('/staff/sign-in?done=signed-out', 303);
  });
}
