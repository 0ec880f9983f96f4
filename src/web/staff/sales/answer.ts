import type { FastifyInstance } from 'fastify';
import { dayAfter, localDay } from '../../../domain/delivery/schedule.ts';
import { QUICK_STATUSES } from '../../../domain/sales/quick-answers.ts';
import { claimLead } from '../../../journey/sales/claim-lead.ts';
import { settleDoubt } from '../../../journey/sales/settle-doubt.ts';
import type { WebContext } from '../../context.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage } from '../staff-page.ts';

type Params = { Params: { id: string } };

/**
 * Where the quick answers of a mail to sales lead: a page with one button, since mail scanners open links. The button
 * posts to the profile's own form. And "I take this one", and what it was that followed the links of a mail.
 */
export function staffAnswer(app: FastifyInstance, context: WebContext): void {
  app.get<Params & { Querystring: { status?: string; qualification?: string } }>(
    '/staff/leads/:id/answer',
    { preHandler: staffOnly(context) },
    async (request, reply) => {
      const id = readId(request.params.id);
      const lead = id === null ? null : await context.database.stores.subscribers.find(id);
      if (!lead) return reply.callNotFound();
      const status = QUICK_STATUSES.find((known) => known === request.query.status);
      if (!status) return reply.redirect(`/staff/leads/${lead.id}`, 303);
      const open = await context.database.stores.sales.openQualification(lead.id);
      // An old mail must not answer for a newer crossing.
      const meant = request.query.qualification;
      const isOpen = open !== null && (meant === undefined || meant === String(open.id));
      return showStaffPage(context, request, reply.code(isOpen ? 200 : 410), 'answer', {
        lead: { ...lead, title: lead.name ?? lead.email },
        status,
        isReturn: status === 'rejected',
        qualificationId: isOpen ? open.id : null,
        earliest: dayAfter(localDay(context.now(), context.programme.sales.officeHours.timeZone), 1).day,
      });
    },
  );

  app.post<Params & { Body: { qualification?: string } }>(
    '/staff/leads/:id/claim',
    { preHandler: staffOnly(context) },
    async (request, reply) => {
      const id = readId(request.params.id);
      if (id === null || !request.staff) return reply.callNotFound();
      const qualificationId = readId(String(request.body?.qualification)) ?? 0;
      const staffEmail = request.staff.member.email;
      const { result } = await claimLead(context, { qualificationId, staffEmail }, context.now());
      return reply.redirect(`/staff/leads/${id}?saved=${result}`, 303);
    },
  );

  app.post<Params & { Body: { delivery?: string; was?: string } }>(
    '/staff/leads/:id/doubt',
    { preHandler: staffOnly(context) },
    async (request, reply) => {
      const subscriberId = readId(request.params.id);
      const deliveryId = readId(String(request.body?.delivery)) ?? 0;
      const was = WAS.find((one) => one === request.body?.was);
      if (subscriberId === null || !was || !request.staff) return reply.callNotFound();
      const staffEmail = request.staff.member.email;
      const isSettled = await settleDoubt(
        context,
        { subscriberId, deliveryId, was, staffEmail },
        context.now(),
      );
      const saved = isSettled ? `said-${was}` : 'nothing';
      return reply.redirect(`/staff/leads/${subscriberId}?saved=${saved}`, 303);
    },
  );
}

const WAS = ['person', 'machine'] as const;

function readId(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
