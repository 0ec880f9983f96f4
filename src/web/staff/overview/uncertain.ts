import type { FastifyInstance } from 'fastify';
import { resolveUncertain } from '../../../journey/delivery/control-issue.ts';
import type { UncertainMail } from '../../../journey/staff/ports/staff-views.ts';
import type { WebContext } from '../../context.ts';
import { staffOnly } from '../session/session.ts';
import { withFlash } from '../staff-page.ts';

/** What stands for the mails that belong to no issue, such as alerts to sales. */
const ONE_OFF = 'one-off';

/** The issues, or the one-off mails, that the listed mails belong to: each is decided about as a whole. */
export function uncertainGroups(
  mails: readonly UncertainMail[],
): { which: string; issueId: number | null }[] {
  const ids = [...new Set(mails.map(({ kind, issueId }) => (kind === 'issue' ? issueId : null)))];
  return ids.map((issueId) => ({ which: issueId === null ? ONE_OFF : String(issueId), issueId }));
}

/** Decides about mails of which nobody knows whether they arrived: to leave them, or to send them again. */
export function staffUncertain(app: FastifyInstance, context: WebContext): void {
  app.post<{ Body: { which?: string; how?: string } }>(
    '/staff/uncertain',
    { preHandler: staffOnly(context, ['marketer']) },
    async (request, reply) => {
      const { which = '', how } = request.body ?? {};
      const issueId = /^[1-9]\d{0,14}$/.test(which) ? Number(which) : null;
      if ((issueId === null && which !== ONE_OFF) || (how !== 'leave' && how !== 'resend'))
        return reply.callNotFound();
      const staffEmail = request.staff!.member.email;
      const mails = await resolveUncertain(context.database, { issueId, how, by: staffEmail }, context.now());
      const done = how === 'leave' ? 'uncertain-left' : 'uncertain-resent';
      return reply.redirect(withFlash('/staff', mails > 0 ? done : null), 303);
    },
  );
}
