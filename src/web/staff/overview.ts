import type { FastifyInstance } from 'fastify';
import type { WebContext } from '../context.ts';
import { staffOnly } from './session.ts';
import { percent, showStaffPage } from './show.ts';

const DAYS = 30;
/** Above this share of the people reached, unsubscribing is an alarm. */
const UNSUBSCRIBE_ALARM = 0.01;

export function staffOverview(app: FastifyInstance, context: WebContext): void {
  app.get('/staff', { preHandler: staffOnly(context) }, async (request, reply) => {
    const { views } = context.database.stores;
    const [overview, uncertain] = await Promise.all([
      views.overview(context.now(), DAYS),
      views.uncertain(50),
    ]);
    const { clicked, reached, converted, unsubscribed } = overview.period;
    return showStaffPage(context, request, reply, 'overview', {
      overview,
      uncertain,
      rates: {
        click: percent(clicked, reached),
        conversion: percent(converted, reached),
        unsubscribe: percent(unsubscribed, reached),
        unsubscribeAlarm: reached > 0 && unsubscribed / reached > UNSUBSCRIBE_ALARM,
      },
    });
  });
}
