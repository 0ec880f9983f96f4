import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseLanguage } from '../../domain/audience/language.ts';
import type { WebContext } from '../context.ts';
import { homeOf, navigationFor } from './navigation.ts';

/** Staff read times in the zone of the machine they work on. */
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What an action's answer may say on the page it leads to: `?done=view-saved`. */
const DONE = [
  'language-chosen',
  'session-ended',
  'signed-out',
  'view-saved',
  'view-deleted',
  'key-revoked',
  'import-discarded',
  'columns-read',
  'uncertain-left',
  'uncertain-resent',
];

/** The page an action leads to, with what it did; null: it did nothing, and nothing is told. */
export function withFlash(path: string, done: string | null): string {
  if (done === null) return path;
  return `${path}${path.includes('?') ? '&' : '?'}done=${done}`;
}

/** What was just done, to be told on top of the page; made-up words say nothing. */
export function doneIn({ query }: FastifyRequest): string | undefined {
  return DONE.find((word) => word === (query as { done?: string }).done);
}

/**
 * The language of a staff page: what its reader chose under their account, else what the browser asks for, among the
 * programme's languages. Never ?language=: on these pages that narrows a list down.
 */
export function staffLanguage({ programme }: WebContext, request: FastifyRequest): string {
  const { languages, defaultLanguage } = programme;
  const chosen = request.staff?.language ?? undefined;
  return chooseLanguage(languages, defaultLanguage, chosen, request.headers['accept-language']);
}

/** Answers with a staff page, with what every staff page needs: who is signed in, the way around, the form token. */
export function showStaffPage(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  page: string,
  data: Record<string, unknown>,
): FastifyReply {
  const member = request.staff?.member;
  const language = staffLanguage(context, request);
  const html = context.page(`staff/${page}`, language, {
    ...data,
    member,
    may: {
      market: member?.role === 'marketer' || member?.role === 'admin',
      sell: member?.role === 'sales' || member?.role === 'admin',
      administer: member?.role === 'admin',
    },
    navigation: member ? navigationFor(member.role) : [],
    home: member ? homeOf(member.role) : '/staff',
    csrf: request.staff?.session.csrfToken,
    hasInbox: context.hasInbox,
    timeZone: HERE,
    done: doneIn(request),
  });
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'cache-control': 'no-store', 'content-language': language })
    .send(html);
}

/** "12.5 %", or a dash when there is nothing to divide by. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}
