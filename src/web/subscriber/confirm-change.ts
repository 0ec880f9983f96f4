import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maskAddress } from '../../domain/audience/mask.ts';
import { inLanguage } from '../../domain/programme.ts';
import { hashSecret } from '../../domain/staff/sign-in.ts';
import { setPreferences } from '../../journey/audience/set-preferences.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { newSecret } from '../new-secret.ts';
import { isWholeSecret, showBrokenLink } from './broken-link.ts';
import { languageLinks, pageLanguage, showPage } from './page.ts';
import { showSaved } from './preferences.ts';

const LIMIT = { config: { rateLimit: { max: 20, timeWindow: '10 minutes' } } };

type SecretRequest = FastifyRequest<{ Params: { secret: string } }>;

/** Behind a link that went to the address alone: a change that a passed-on mail could have asked for. Its button makes it. */
export function confirmChangePage(app: FastifyInstance, context: WebContext): void {
  app.get('/confirm-change/:secret', async (request: SecretRequest, reply) => {
    const found = await find(request);
    if ('fault' in found) return showBrokenLink(context, request, reply, found.fault);
    const { subscriber, preferences, language } = found;
    return showPage(context, reply, 'confirm-change', language, {
      address: maskAddress(subscriber.email),
      isReturn: subscriber.status === 'unsubscribed',
      name: preferences.name ?? subscriber.name,
      interests: context.programme.interests
        .filter(({ id }) => preferences.interests.includes(id))
        .map(({ label }) => inLanguage(label, language)),
      languageLinks: languageLinks(context, request, language),
    });
  });

  app.post('/confirm-change/:secret', LIMIT, async (request: SecretRequest, reply: FastifyReply) => {
    const found = await find(request);
    if ('fault' in found) return showBrokenLink(context, request, reply, found.fault);
    const { subscriber, preferences, language } = found;
    const outcome = await setPreferences(
      { ...context, newSecret },
      {
        subscriberId: subscriber.id,
        preferences,
        pageLanguage: language,
        hit: readHit(request),
        by: 'owner',
      },
      context.now(),
    );
    return showSaved(context, { subscriber, language }, request, reply, outcome ?? 'changed', preferences);
  });

  async function find(request: SecretRequest) {
    const { changeLinks, subscribers } = context.database.stores;
    const { secret } = request.params;
    const asked = await changeLinks.find(hashSecret(secret));
    const subscriber = asked && (await subscribers.find(asked.subscriberId));
    if (!subscriber || subscriber.erasedAt)
      return { fault: isWholeSecret(secret) ? ('used' as const) : ('broken' as const) };
    if (asked.expiresAt <= context.now()) return { fault: 'expired' as const };
    return {
      subscriber,
      preferences: asked.preferences,
      language: pageLanguage(context, request, subscriber.language),
    };
  }
}
