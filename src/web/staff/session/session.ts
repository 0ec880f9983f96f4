import { timingSafeEqual } from 'node:crypto';
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  onRequestAsyncHookHandler,
  preHandlerAsyncHookHandler,
} from 'fastify';
import type { StaffMember } from '../../../domain/programme.ts';
import { findStaff, hashSecret } from '../../../domain/staff/sign-in.ts';
import type { StaffSession } from '../../../journey/staff/ports/sessions.ts';
import type { WebContext } from '../../context.ts';
import { showStaffPage } from '../staff-page.ts';

export const SESSION_COOKIE = 'simmer_staff';

declare module 'fastify' {
  interface FastifyRequest {
    staff: { member: StaffMember; session: StaffSession; language: string | null } | null;
  }
}

/** Who is signed in, or null. Leaving the programme's staff list ends every session of that address at once. */
export async function currentStaff(
  context: WebContext,
  request: FastifyRequest,
): Promise<FastifyRequest['staff']> {
  const secret = request.cookies[SESSION_COOKIE];
  if (!secret) return null;
  const session = await context.database.stores.staff.findSession(hashSecret(secret), context.now());
  const member = session && findStaff(context.programme.staff, session.email);
  return session && member ? { session, member, language: session.language } : null;
}

/** Of a guard, the part that needs no body. */
const beforeBody = new WeakMap<object, onRequestAsyncHookHandler>();

/**
 * Guards a staff route: without a session a page leads to the sign-in page and comes back afterwards. With `roles`,
 * only those roles (admins always). Every POST must carry the session's CSRF token in the field `csrf`.
 */
export function staffOnly(context: WebContext, roles?: StaffMember['role'][]): preHandlerAsyncHookHandler {
  const enter = async (request: FastifyRequest, reply: FastifyReply) => {
    request.staff = await currentStaff(context, request);
    if (!request.staff) {
      return request.method === 'GET'
        ? reply.redirect(`/staff/sign-in?next=${encodeURIComponent(request.url)}`)
        : refuse(context, request, reply, 401, 'signedOut');
    }
    const { member } = request.staff;
    if (roles && member.role !== 'admin' && !roles.includes(member.role))
      return refuse(context, request, reply, 403, 'wrongRole');
  };
  const guard: preHandlerAsyncHookHandler = async (request, reply) => {
    if (!request.staff) await enter(request, reply);
    if (reply.sent || !request.staff) return reply;
    if (
      request.method === 'POST' &&
      !sameText(request.staff.session.csrfToken, (request.body as { csrf?: unknown } | null)?.csrf)
    )
      return refuse(context, request, reply, 403, 'staleForm');
  };
  beforeBody.set(guard, enter);
  return guard;
}

/**
 * Lets every guard that is registered from here on ask who somebody is before a byte of the body is read: a stranger's file
 * is never taken in.
 */
export function guardBeforeBody(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const guards = [route.preHandler ?? []].flat().flatMap((handler) => beforeBody.get(handler) ?? []);
    if (guards.length > 0) route.onRequest = [route.onRequest ?? [], guards].flat();
  });
}

function refuse(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  why: string,
) {
  // What is still on its way is not waited for.
  if (request.body === undefined && request.method === 'POST') reply.header('connection', 'close');
  return showStaffPage(context, request, reply.code(status), 'refused', { why });
}

function sameText(expected: string, given: unknown): boolean {
  if (typeof given !== 'string') return false;
  const a = Buffer.from(expected);
  const b = Buffer.from(given);
  return a.length === b.length && timingSafeEqual(a, b);
}
