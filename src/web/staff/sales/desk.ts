import type { FastifyInstance } from 'fastify';
import { reasonTeller, type Tell } from '../../../domain/reason-text.ts';
import { claimLead } from '../../../journey/sales/claim-lead.ts';
import type { DeskLead } from '../../../journey/sales/ports/desk.ts';
import { showDoubts } from '../../../journey/sales/show-doubts.ts';
import { recordTouchpoint } from '../../../journey/scoring/record-touchpoint.ts';
import type { WebContext } from '../../context.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage } from '../staff-page.ts';
import { TOUCHES } from './touches.ts';

const MOST = 200;
const SAID = ['claimed', 'yours', 'taken', 'closed', 'unknown', 'noted'];

type Body = Partial<Record<'qualification' | 'lead' | 'name' | 'note', string>>;

/** Who waits to be called, the warmest first: take one, call, note it, answer. Made for a phone, too. */
export function staffDesk(app: FastifyInstance, context: WebContext): void {
  const preHandler = staffOnly(context, ['sales']);
  const { desk } = context.database.stores;

  app.get<{ Querystring: { saved?: string } }>('/staff/desk', { preHandler }, async (request, reply) => {
    const me = request.staff!.member.email;
    const tell = reasonTeller(context, staffLanguage(context, request));
    const [waiting, answered, doubtful] = await Promise.all([
      desk.waiting(context.now(), MOST),
      desk.answered(me, 8),
      showDoubts({ ...context.database.stores, programme: context.programme }, MOST),
    ]);
    const isMine = ({ claimedBy, handedTo }: DeskLead) =>
      claimedBy === me || (claimedBy === null && handedTo === me);
    const mine = waiting.filter(isMine);
    const free = waiting.filter((lead) => !isMine(lead) && lead.claimedBy === null);
    const others = waiting.filter((lead) => !isMine(lead) && lead.claimedBy !== null);
    return showStaffPage(context, request, reply, 'desk', {
      saved: SAID.find((word) => word === request.query.saved),
      groups: [
        { id: 'mine', leads: mine.map((lead) => shown(lead, me, context.now(), tell)), isMine: true },
        { id: 'free', leads: free.map((lead) => shown(lead, me, context.now(), tell)), isMine: false },
        { id: 'others', leads: others.map((lead) => shown(lead, me, context.now(), tell)), isMine: false },
      ].filter(({ id, leads }) => id === 'mine' || leads.length > 0),
      count: waiting.length,
      answered,
      doubtful: doubtful.map((lead) => ({ ...lead, title: lead.name ?? lead.email })),
      touches: TOUCHES,
    });
  });

  app.post<{ Body: Body }>('/staff/desk/claim', { preHandler }, async (request, reply) => {
    const qualificationId = Number(request.body.qualification) || 0;
    const staffEmail = request.staff!.member.email;
    const { result } = await claimLead(context, { qualificationId, staffEmail }, context.now());
    return reply.redirect(`/staff/desk?saved=${result}`, 303);
  });

  app.post<{ Body: Body }>('/staff/desk/touch', { preHandler }, async (request, reply) => {
    const { lead, name, note = '' } = request.body;
    const touch = TOUCHES.find((one) => one === name) ?? 'note';
    const staffEmail = request.staff!.member.email;
    const subscriberId = /^\d{1,15}$/.test(String(lead)) ? Number(lead) : 0;
    const isKnown = await recordTouchpoint(
      context,
      { subscriberId, name: touch, note: String(note), staffEmail },
      context.now(),
    );
    if (!isKnown) return reply.callNotFound();
    return reply.redirect(`/staff/desk?saved=noted#lead-${subscriberId}`, 303);
  });
}

function shown(lead: DeskLead, me: string, now: Date, tell: Tell) {
  // The number given with the wish is for this call, whatever was known before.
  const phone = lead.wish?.phone ?? lead.phone;
  return {
    ...lead,
    phone,
    title: lead.name ?? lead.email,
    lastAct: lead.lastAct && { ...lead.lastAct, cause: tell(lead.lastAct.cause) },
    isTaken: lead.claimedBy !== null,
    isMine: lead.claimedBy === me,
    tel: phone?.replace(/[^\d+]/g, '') ?? null,
    waitingDays: Math.floor((now.getTime() - lead.qualifiedAt.getTime()) / 86_400_000),
    wishText: [lead.wish?.bestTime, lead.wish?.note].filter(Boolean).join(' · '),
  };
}
