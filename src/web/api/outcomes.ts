import type { FastifyInstance } from 'fastify';
import { addressMeant } from '../../domain/audience/email-address.ts';
import { readNotBefore } from '../../domain/sales/not-before.ts';
import { byApiKey } from '../../domain/staff/actor.ts';
import { recordOutcome } from '../../journey/sales/record-outcome.ts';
import type { WebContext } from '../context.ts';
import { ApiProblem, findKey, once } from './key.ts';
import { readBody } from './read-body.ts';
import { outcomeBody } from './schemas.ts';
import { noSubscriber, shown } from './subscribers.ts';

/** POST /api/v1/outcomes: what sales says after the call, from the CRM it works in. */
export function outcomesApi(app: FastifyInstance, context: WebContext): void {
  app.post('/outcomes', async (request, reply) => {
    const key = await findKey(context, request, 'outcomes:write');
    const said = readBody(outcomeBody, request.body);
    const now = context.now();
    const until = readNotBefore(said.notBefore ?? '', now, context.programme.sales.officeHours.timeZone);
    if ('problem' in until)
      throw new ApiProblem(422, 'The body cannot be taken', 'Mend the fields that are named.', [
        { path: 'notBefore', code: 'bad-day', message: until.problem },
      ]);
    return once(context, request, reply, key, async (database) => {
      const { subscribers, sales } = database.stores;
      const lead = await subscribers.findByEmail(addressMeant(said.email));
      if (!lead) throw noSubscriber();
      const qualificationId = said.qualification ?? (await sales.openQualification(lead.id))?.id;
      const meant = qualificationId === undefined ? null : await sales.findQualification(qualificationId);
      if (meant?.subscriberId !== lead.id)
        throw new ApiProblem(
          409,
          'Nothing to answer',
          'This lead has no such qualification, or none that is open: it is not with sales now.',
        );
      const answer = await recordOutcome(
        { ...context, database },
        {
          qualificationId: meant.id,
          status: said.status,
          isDuplicate: said.isDuplicate ?? false,
          hasRunningDeal: said.hasRunningDeal ?? false,
          note: said.note ?? '',
          notBefore: until.day,
          staffEmail: said.by ?? byApiKey(key.name),
        },
        now,
      );
      if (answer.result === 'closed')
        throw new ApiProblem(
          409,
          'Answered before',
          `Sales has answered for good before${answer.status ? `: ${answer.status}` : ''}.`,
        );
      const after = await subscribers.find(lead.id);
      const status = answer.result === 'recorded' ? 'recorded' : 'unchanged';
      return {
        status: status === 'recorded' ? 201 : 200,
        body: { status, qualification: meant.id, subscriber: shown(after ?? lead) },
      };
    });
  });
}
