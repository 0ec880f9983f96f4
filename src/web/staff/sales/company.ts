import type { FastifyInstance } from 'fastify';
import { cut } from '../../../domain/text.ts';
import { showAccount } from '../../../journey/sales/show-account.ts';
import type { WebContext } from '../../context.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage } from '../staff-page.ts';

/** The leads of one company together. */
export function staffAccountView(app: FastifyInstance, context: WebContext): void {
  app.get<{ Params: { domain: string } }>(
    '/staff/accounts/:domain',
    { preHandler: staffOnly(context) },
    async (request, reply) => {
      const { accounts } = context.database.stores;
      const account = await showAccount(
        { accounts, programme: context.programme },
        cut(request.params.domain, 255),
        context.now(),
      );
      if (!account) return reply.callNotFound();
      return showStaffPage(context, request, reply, 'account-view', { account });
    },
  );
}
