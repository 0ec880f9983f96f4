import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maskAddress } from '../../domain/audience/mask.ts';
import { languageName } from '../../domain/locale.ts';
import { inLanguage } from '../../domain/programme.ts';
import { reasonTeller, withWords } from '../../domain/reason-text.ts';
import { hashSecret } from '../../domain/staff/sign-in.ts';
import { erasePerson } from '../../journey/audience/erase-person.ts';
import { OWN_DATA_HOURS, requestOwnData } from '../../journey/audience/request-own-data.ts';
import type { WebContext } from '../context.ts';
import { newSecret } from '../new-secret.ts';
import { isWholeSecret, showBrokenLink } from './broken-link.ts';
import { pageLanguage, showPage } from './page.ts';
import { forReader } from './reader.ts';

const LIMIT = { config: { rateLimit: { max: 20, timeWindow: '10 minutes' } } };

type SecretRequest = FastifyRequest<{ Params: { secret: string } }>;

/** What we know about you: to read, to take along, to have erased. Behind a link that is mailed to the person alone. */
export function ownDataPages(app: FastifyInstance, context: WebContext): void {
  const { ownData, subscribers } = context.database.stores;

  app.post(
    '/preferences/:token/your-data',
    LIMIT,
    forReader(context, async ({ subscriber, language }, request, reply) => {
      if (subscriber.status !== 'suppressed') {
        await requestOwnData({ ...context, newSecret }, { subscriber, language }, context.now());
      }
      return showPage(context, reply, 'own-data-sent', language, {
        address: maskAddress(subscriber.email),
        hours: OWN_DATA_HOURS,
        hasInbox: context.hasInbox,
        preferencesUrl: `/preferences/${request.params.token}`,
      });
    }),
  );

  app.get('/your-data/:secret', async (request: SecretRequest, reply) => {
    const found = await find(request);
    if ('fault' in found) return showBrokenLink(context, request, reply, found.fault);
    const { data, subscriber, language } = found;
    const interest = (id: string) => context.programme.interests.find((one) => one.id === id);
    return showPage(context, reply, 'own-data', language, {
      subscriber,
      languageName: languageName(subscriber.language, language),
      timeZone: subscriber.timeZone,
      interests: subscriber.interests.map((id) => {
        const known = interest(id);
        return known ? inLanguage(known.label, language) : id;
      }),
      source: [subscriber.source, subscriber.lastTouch?.source ?? {}].flatMap((source) =>
        Object.entries(source).map(([key, value]) => ({ key, value })),
      ),
      counts: {
        mails: data.mails.length,
        acts: data.acts.length,
        points: data.points.length,
        sales: data.sales.length,
      },
      consent: data.consent,
      here: `/your-data/${request.params.secret}`,
    });
  });

  app.get('/your-data/:secret/data.json', async (request: SecretRequest, reply) => {
    const found = await find(request);
    if ('fault' in found) return showBrokenLink(context, request, reply, found.fault);
    return reply
      .headers({
        'content-disposition': 'attachment; filename="your-data.json"',
        'cache-control': 'no-store',
        'x-robots-tag': 'noindex, nofollow',
      })
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(withWords(found.data, reasonTeller(context, found.language)), null, 2));
  });

  app.get('/your-data/:secret/erase', async (request: SecretRequest, reply) => {
    const found = await find(request);
    if ('fault' in found) return showBrokenLink(context, request, reply, found.fault);
    return showErase(reply, found.language, request, null);
  });

  app.post<{ Params: { secret: string }; Body: { sure?: string } }>(
    '/your-data/:secret/erase',
    LIMIT,
    async (request, reply) => {
      const found = await find(request);
      if ('fault' in found) return showBrokenLink(context, request, reply, found.fault);
      if (request.body?.sure !== 'yes') {
        return showErase(reply.code(422), found.language, request, 'sure');
      }
      const at = context.now();
      await erasePerson(context, { subscriberId: found.subscriber.id, how: 'own-data-page' }, at);
      return showPage(context, reply, 'own-data-erased', found.language);
    },
  );

  async function find(request: SecretRequest) {
    const { secret } = request.params;
    const link = await ownData.findLink(hashSecret(secret));
    if (link && link.expiresAt <= context.now()) return { fault: 'expired' as const };
    const subscriber = link && (await subscribers.find(link.subscriberId));
    const data = subscriber && (await ownData.everything(subscriber.id));
    if (!subscriber || !data)
      return { fault: isWholeSecret(secret) ? ('used' as const) : ('broken' as const) };
    return { subscriber, data, language: pageLanguage(context, request, subscriber.language) };
  }

  function showErase(
    reply: FastifyReply,
    language: string,
    request: FastifyRequest<{ Params: { secret: string } }>,
    problem: string | null,
  ) {
    const here = `/your-data/${request.params.secret}`;
    return showPage(context, reply, 'own-data-erase', language, { here, problem });
  }
}
