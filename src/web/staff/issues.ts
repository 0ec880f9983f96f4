import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../context.ts';
import { staffOnly } from './session.ts';
import { percent, showStaffPage } from './show.ts';

export function staffIssues(app: FastifyInstance, context: WebContext): void {
  app.get('/staff/issues', { preHandler: staffOnly(context, ['marketer']) }, async (request, reply) => {
    const issues = await context.database.stores.views.issues(50);
    return showStaffPage(context, request, reply, 'issues', {
      issues: issues.map((issue) => {
        const count = (...statuses: string[]) =>
          statuses.reduce((sum, s) => sum + (issue.deliveries[s] ?? 0), 0);
        const sent = count('sent');
        return {
          ...issue,
          sent,
          waiting: count('planned', 'claimed', 'sending'),
          skipped: count('skipped', 'cancelled'),
          failed: count('failed'),
          uncertain: count('uncertain'),
          openRate: percent(issue.opened, sent),
          clickRate: percent(issue.clicked, sent),
          unsubscribeRate: percent(issue.unsubscribed, sent),
        };
      }),
    });
  });
}
