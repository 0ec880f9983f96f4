import type { FastifyInstance } from 'fastify';
import type { Stage } from '../../domain/audience/subscriber.ts';
import type { WebContext } from '../context.ts';
import { staffOnly } from './session.ts';
import { showStaffPage } from './show.ts';

const PAGE = 50;
const STAGES: readonly string[] = ['mql', 'sql', 'customer'];

/** Leads, those waiting for a call first, then by score. */
export function staffLeads(app: FastifyInstance, context: WebContext): void {
  app.get<{ Querystring: { stage?: string; search?: string; page?: string } }>(
    '/staff/leads',
    { preHandler: staffOnly(context) },
    async (request, reply) => {
      const search = String(request.query.search ?? '')
        .trim()
        .slice(0, 100);
      const stage = STAGES.includes(String(request.query.stage)) ? (request.query.stage as Stage) : null;
      const page = Math.max(1, Math.min(10_000, Number.parseInt(String(request.query.page ?? '1'), 10) || 1));
      const { leads, total } = await context.database.stores.views.leads({
        stage,
        search,
        limit: PAGE,
        offset: (page - 1) * PAGE,
      });
      const pageLink = (number: number) =>
        `/staff/leads?${new URLSearchParams({ search, stage: stage ?? '', page: String(number) })}`;
      return showStaffPage(context, request, reply, 'leads', {
        leads,
        total,
        search,
        stage,
        previous: page > 1 ? pageLink(page - 1) : null,
        next: page * PAGE < total ? pageLink(page + 1) : null,
      });
    },
  );
}
