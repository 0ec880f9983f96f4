import type {} from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  HONEYPOT_INPUT,
  readSignUpForm,
  type SignUp,
  SOURCE_INPUTS,
  unreadOf,
} from '../../domain/audience/sign-up-form.ts';
import { formDetails, TOUCHPOINT_NAME } from '../../domain/scoring/touchpoint-form.ts';
import { isOnSite, readSiteToken, SITE_TOKEN } from '../../domain/tracking/site-token.ts';
import { signUp } from '../../journey/audience/sign-up.ts';
import { takeForm } from '../../journey/scoring/record-form.ts';
import type { WebContext } from '../context.ts';
import { readKeptHit } from '../hit.ts';
import { redirectTo } from '../redirect.ts';
import { type Inputs, oneOfEach, pageLanguage, showPublicPage } from '../subscriber/page.ts';

const PER_NETWORK_ADDRESS = { max: 30, timeWindow: '10 minutes' };
const BODY_LIMIT = 32 * 1024;
/** Inputs that are not part of what the visitor wrote. */
const KNOWN = new Set([
  'email',
  'email_checked',
  'language',
  'time_zone',
  'next',
  SITE_TOKEN,
  HONEYPOT_INPUT,
  ...Object.keys(SOURCE_INPUTS),
]);

/**
 * POST /forms/contact, /forms/webinar …: forms of the company's site may post here, plainly or by script. The answer never
 * says whether an address is known. `next` is where a plain post ends; it has to lie on the company's site.
 */
export function siteForms(app: FastifyInstance, context: WebContext): void {
  app.addHook('onRequest', async (request, reply) => allowSite(context, request, reply));
  app.options('/forms/:form', (_request, reply) =>
    reply
      .header('access-control-allow-methods', 'POST')
      .header('access-control-allow-headers', 'content-type')
      .header('access-control-max-age', '86400')
      .code(204)
      .send(),
  );

  const options = { bodyLimit: BODY_LIMIT, config: { rateLimit: PER_NETWORK_ADDRESS } };
  app.post<{ Params: { form: string } }>('/forms/:form', options, async (request, reply) => {
    const { form } = request.params;
    if (!TOUCHPOINT_NAME.test(form)) return reply.callNotFound();
    const inputs = oneOfEach(request.body);
    if ((inputs[HONEYPOT_INPUT] ?? '').trim() !== '') return done(context, request, reply, inputs);
    const language = pageLanguage(context, request, inputs.language);
    // Nobody can be asked: the form is on another site. What cannot be read stays in the details as it was typed.
    const read = readSignUpForm({ ...inputs, form }, context.programme.languages, language, false);
    if ('problems' in read) {
      const errors = read.problems.map(({ field, text, values }) => ({
        field,
        problem: text,
        message: context.say(language, `subscriber.problems.${text}`, values),
      }));
      if (wantsJson(request)) return reply.code(422).send({ status: 'not taken', errors });
      return showPublicPage(context, reply.code(422), 'form-not-taken', language, {
        problems: errors.map(({ message }) => message),
      });
    }
    await take(context, request, form, read.signUp, inputs, unreadOf(inputs, read.notes));
    return done(context, request, reply, inputs);
  });
}

/** A new address is asked to confirm, by the mail that every sign-up causes; what it did is held until it has. */
async function take(
  context: WebContext,
  request: FastifyRequest,
  form: string,
  person: SignUp,
  inputs: Inputs,
  unread: Record<string, string> | undefined,
) {
  const now = context.now();
  const hit = readKeptHit(context, request);
  const input = {
    form,
    profile: person,
    source: person.source,
    download: person.source.download ?? null,
    email: person.email,
    visitor: readSiteToken(context.secrets, inputs[SITE_TOKEN] ?? '', now),
    details: formDetails(inputs, KNOWN),
    hit,
  };
  const { ip, userAgent } = hit;
  await signUp(context, { signUp: person, ip, userAgent, unread, isOtherForm: true }, now);
  await takeForm(context, input, now);
}

function done(context: WebContext, request: FastifyRequest, reply: FastifyReply, inputs: Inputs) {
  if (wantsJson(request)) return reply.code(202).send({ status: 'taken' });
  const { site, brand } = context.programme;
  const next = isOnSite(inputs.next ?? '', site.hosts) ? inputs.next! : context.links.absolute(brand.siteUrl);
  return redirectTo(reply, next, 303);
}

/** Scripts of the company's own pages may read the answer, and those of nobody else. */
function allowSite({ programme }: WebContext, request: FastifyRequest, reply: FastifyReply): void {
  const { origin } = request.headers;
  reply.header('vary', 'origin').header('cache-control', 'no-store');
  if (origin && isOnSite(origin, programme.site.hosts)) reply.header('access-control-allow-origin', origin);
}

function wantsJson({ headers: { accept = '' } }: FastifyRequest): boolean {
  return accept.includes('application/json') && !accept.includes('text/html');
}
