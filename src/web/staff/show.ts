import type { FastifyReply, FastifyRequest } from 'fastify';
import type { WebContext } from '../context.ts';

/** Staff read times in the zone of the machine they work on. */
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Answers with a staff page, with what every staff page needs: who is signed in and the form token. */
export function showStaffPage(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  page: string,
  data: Record<string, unknown>,
): FastifyReply {
  const html = context.page(`staff/${page}`, context.programme.defaultLanguage, {
    ...data,
    member: request.staff?.member,
    csrf: request.staff?.session.csrfToken,
    hasInbox: context.hasInbox,
    timeZone: HERE,
  });
  return reply.type('text/html').header('cache-control', 'no-store').send(html);
}

/** "12.5 %", or a dash when there is nothing to divide by. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
