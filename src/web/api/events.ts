import type { FastifyInstance } from 'fastify';
import type { z } from 'zod';
import { type ApiKind, EVENT_KINDS, type LeadEvent } from '../../domain/scoring/lead-event.ts';
import { keyOf } from '../../domain/scoring/touchpoint-file.ts';
import type { Hit } from '../../domain/tracking/hit.ts';
import { recordApiEvent } from '../../journey/scoring/record-api-event.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { ApiProblem, findKey, once } from './key.ts';
import { readBody } from './read-body.ts';
import { eventBody, formName } from './schemas.ts';
import { noSubscriber, shown } from './subscribers.ts';

/** Clocks of other programs may run ahead by so much. */
const AHEAD_MS = 60_000;

/** POST /api/v1/events: what a lead did elsewhere, on the same profile and ledger as everything else. */
export function eventsApi(app: FastifyInstance, context: WebContext): void {
  app.post('/events', async (request, reply) => {
    const key = await findKey(context, request, 'events:write');
    const event = readBody(eventBody, request.body);
    const now = context.now();
    const at = event.at === undefined ? now : new Date(event.at);
    if (at.getTime() > now.getTime() + AHEAD_MS) throw wrong('at', 'in-the-future', 'It is in the future.');
    check(event);
    const idempotency = request.headers['idempotency-key'];
    const eventKey = typeof idempotency === 'string' ? keyOf(['api', String(key.id), idempotency]) : null;
    const hit = readHit(request);
    const eventOf = (subscriberId: number) => ({
      ...leadEventOf(event, subscriberId, at, hit),
      ...(eventKey === null ? {} : { key: eventKey }),
    });
    const answer = await once(context, request, reply, key, async (database) => {
      const subscriber = await recordApiEvent({ database }, { email: event.email, eventOf });
      if (!subscriber) throw noSubscriber();
      return { status: 201, body: { status: 'recorded', subscriber: shown(subscriber) } };
    });
    // An act that makes an SQL at once is told at once. Not waited for: the schedule makes up for a lost reminder.
    context.queue.add({ name: 'send-outbox' }, { key: 'send-outbox' }).catch(() => {});
    return answer;
  });
}

type Event = z.output<typeof eventBody>;

function check({ kind, name, page }: Event): void {
  if (EVENT_KINDS[kind].byApi === 'page') {
    if (page === undefined) throw wrong('page', 'missing', `A ${kind} needs the page that was looked at.`);
    return;
  }
  if (name === undefined) throw wrong('name', 'missing', `A ${kind} needs a name.`);
  if (kind !== 'download' && !formName.safeParse(name).success)
    throw wrong(
      'name',
      'bad-name',
      'It is a short lower-case word: a-z, 0-9 and "-", starting with a letter.',
    );
}

const wrong = (path: string, code: string, message: string) =>
  new ApiProblem(422, 'The body cannot be taken', 'Mend the fields that are named.', [
    { path, code, message },
  ]);

function leadEventOf(
  { kind, name = '', page = '', details = {} }: Event,
  subscriberId: number,
  at: Date,
  hit: Hit,
): Extract<LeadEvent, { kind: ApiKind }> {
  switch (kind) {
    case 'form':
      return { kind, at, subscriberId, deliveryId: null, form: name, hit, details };
    case 'download':
      return { kind, at, subscriberId, name, hit };
    case 'visit':
      return { kind, at, subscriberId, page, hit, details };
    case 'touchpoint':
      return { kind, at, subscriberId, name, details };
  }
}
