import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { addressMeant } from '../../domain/audience/email-address.ts';
import { PROFILE_INPUTS, readSignUpForm, unreadOf } from '../../domain/audience/sign-up-form.ts';
import { type Subscriber, shownStage } from '../../domain/audience/subscriber.ts';
import { signUp } from '../../journey/audience/sign-up.ts';
import type { WebContext } from '../context.ts';
import { readKeptHit } from '../hit.ts';
import { fieldErrors } from './field-errors.ts';
import { ApiProblem, findKey, once } from './key.ts';
import { readBody } from './read-body.ts';
import { type subscriberAnswer, subscriberBody } from './schemas.ts';

/** POST /api/v1/subscribers signs somebody up; GET /api/v1/subscribers?email=… looks somebody up. */
export function subscribersApi(app: FastifyInstance, context: WebContext): void {
  app.get<{ Querystring: { email?: string } }>('/subscribers', async (request, reply) => {
    await findKey(context, request, 'subscribers:read');
    const email = addressMeant(String(request.query.email ?? ''));
    if (email === '') throw new ApiProblem(400, 'No address', 'Ask with ?email=ann@example.com');
    const found = await context.database.stores.subscribers.findByEmail(email);
    if (!found) throw noSubscriber();
    return reply.send(shown(found));
  });

  app.post('/subscribers', async (request, reply) => {
    const key = await findKey(context, request, 'subscribers:write');
    const { source, email, language, timeZone, ...profile } = readBody(subscriberBody, request.body);
    const inputs: Record<string, string> = {
      email,
      form: `api ${key.name}`,
      ...Object.fromEntries(Object.entries(source ?? {}).filter(([, value]) => value !== undefined)),
    };
    for (const [field, input] of Object.entries(PROFILE_INPUTS))
      inputs[input] = String(profile[field as keyof typeof profile] ?? '');
    inputs.language = String(language ?? '');
    inputs.time_zone = String(timeZone ?? '');
    const { languages, defaultLanguage } = context.programme;
    const read = readSignUpForm(inputs, languages, defaultLanguage, false);
    if ('problems' in read) {
      const errors = fieldErrors(context, request, read.problems);
      throw new ApiProblem(422, 'The sign-up cannot be taken', 'Mend the fields that are named.', errors);
    }
    const notes = read.notes && fieldErrors(context, request, read.notes);
    const { ip, userAgent } = readKeptHit(context, request);
    return once(context, request, reply, key, async (database) => {
      const mail = await signUp(
        { ...context, database },
        { signUp: read.signUp, ip, userAgent, unread: unreadOf(inputs, read.notes), isByProgram: true },
        context.now(),
      );
      const subscriber = await database.stores.subscribers.findByEmail(read.signUp.email);
      if (!subscriber) throw new Error('a subscriber is gone right after the sign-up');
      const status = mail === 'confirmation' ? 'confirmation-sent' : (mail ?? 'nothing-sent');
      return { status: 202, body: { status, subscriber: shown(subscriber), ...(notes ? { notes } : {}) } };
    });
  });
}

export const noSubscriber = () =>
  new ApiProblem(
    404,
    'No such subscriber',
    'Nobody has this address; sign them up with POST /api/v1/subscribers.',
  );

export function shown(subscriber: Subscriber): z.infer<typeof subscriberAnswer> {
  const { id, email, status, score, isCustomer, name, company, jobTitle, phone } = subscriber;
  const { industry, companySize, country, language, timeZone } = subscriber;
  return {
    id,
    email,
    status,
    stage: shownStage(subscriber),
    score,
    isCustomer,
    name,
    company,
    jobTitle,
    phone,
    industry,
    companySize,
    country,
    language,
    timeZone,
    interests: subscriber.interests,
    mailsSent: subscriber.mailsSent,
    createdAt: subscriber.createdAt.toISOString(),
    confirmedAt: subscriber.confirmedAt?.toISOString() ?? null,
    lastActAt: subscriber.lastActAt?.toISOString() ?? null,
  };
}
