import type { FastifyInstance } from 'fastify';
import { languageName } from '../../../domain/locale.ts';
import { hashSecret } from '../../../domain/staff/sign-in.ts';
import { cut } from '../../../domain/text.ts';
import { chooseLanguage, endSession, signOutEverywhere } from '../../../journey/staff/own-account.ts';
import type { WebContext } from '../../context.ts';
import { showStaffPage, withFlash } from '../staff-page.ts';
import { SESSION_COOKIE, staffOnly } from './session.ts';

/** One's own account: where one is signed in, and the ways out. */
export function staffAccount(app: FastifyInstance, context: WebContext): void {
  const preHandler = staffOnly(context);
  const { staff } = context.database.stores;

  app.get('/staff/account', { preHandler }, async (request, reply) => {
    const here = hashSecret(request.cookies[SESSION_COOKIE] ?? '');
    const sessions = await staff.listSessions(request.staff!.member.email, context.now());
    const { languages } = context.programme;
    return showStaffPage(context, request, reply, 'account', {
      languages:
        languages.length < 2
          ? null
          : languages.map((id) => ({
              id,
              name: languageName(id, id),
              isChosen: id === request.staff!.language,
            })),
      sessions: sessions.map((session) => ({
        ...session,
        isHere: session.idHash === here,
        device: deviceInWords(session.userAgent),
      })),
    });
  });

  app.post<{ Body: { language?: string } }>(
    '/staff/account/language',
    { preHandler },
    async (request, reply) => {
      const wanted = context.programme.languages.find((one) => one === request.body.language) ?? null;
      await chooseLanguage(context, { email: request.staff!.member.email, language: wanted }, context.now());
      return reply.redirect(withFlash('/staff/account', 'language-chosen'), 303);
    },
  );

  app.post<{ Body: { session?: string } }>(
    '/staff/account/end-session',
    { preHandler },
    async (request, reply) => {
      const isEnded = await endSession(
        context,
        { email: request.staff!.member.email, idHash: String(request.body.session ?? '') },
        context.now(),
      );
      return reply.redirect(withFlash('/staff/account', isEnded ? 'session-ended' : null), 303);
    },
  );

  app.post('/staff/account/sign-out-everywhere', { preHandler }, async (request, reply) => {
    await signOutEverywhere(context, { email: request.staff!.member.email }, context.now());
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).redirect('/staff/sign-in?done=signed-out', 303);
  });
}

const BROWSERS: [RegExp, string][] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** "Firefox · Windows", as far as the browser told; else what it said itself. */
export function deviceInWords(userAgent: string | null): string | null {
  if (userAgent === null) return null;
  const named = (list: [RegExp, string][]) => list.find(([sign]) => sign.test(userAgent))?.[1];
  return [named(BROWSERS), named(SYSTEMS)].filter(Boolean).join(' · ') || cut(userAgent, 80);
}
