import type {} from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { countriesIn, readCountry } from '../../domain/audience/company.ts';
import {
  HONEYPOT_INPUT,
  PROFILE_INPUTS,
  readSignUpForm,
  readSource,
  type SignUp,
  SOURCE_INPUTS,
  unreadOf,
} from '../../domain/audience/sign-up-form.ts';
import { inLanguage } from '../../domain/programme.ts';
import type { Hit } from '../../domain/tracking/hit.ts';
import { signUp } from '../../journey/audience/sign-up.ts';
import { takeForm } from '../../journey/scoring/record-form.ts';
import type { WebContext } from '../context.ts';
import { readKeptHit } from '../hit.ts';
import {
  type Inputs,
  languageChoices,
  languageLinks,
  oneOfEach,
  pageLanguage,
  rhythmIn,
  shownProblems,
  showPage,
  showPublicPage,
} from './page.ts';

/** Whole offices share an address, so this is wide; what protects mailboxes is what each may get. */
const PER_NETWORK_ADDRESS = { max: 30, timeWindow: '10 minutes' };
const PER_EMAIL_ADDRESS = { max: 6, timeWindow: '1 hour' };
/** A form is small. */
const BODY_LIMIT = 32 * 1024;

/**
 * The sign-up page, and the address that any site's form may post to. A post needs no CSRF token: it can only cause a
 * confirmation mail, and nothing holds until the owner of the address presses the button behind that mail's links.
 */
export function signUpPage(app: FastifyInstance, context: WebContext): void {
  app.get('/', (request, reply) => {
    const inputs = { ...arrival(context, request), ...oneOfEach(request.query) };
    return showForm(context, request, reply, pageLanguage(context, request), inputs, []);
  });

  app.register(async (scope) => {
    const countForAddress = scope.createRateLimit({
      ...PER_EMAIL_ADDRESS,
      keyGenerator: (request) => `sign-up ${(oneOfEach(request.body).email ?? '').trim().toLowerCase()}`,
    });
    const options = { bodyLimit: BODY_LIMIT, config: { rateLimit: PER_NETWORK_ADDRESS } };
    scope.post('/sign-up', options, async (request, reply) => {
      const inputs = oneOfEach(request.body);
      const language = pageLanguage(context, request, inputs.language);
      const done = () => reply.redirect(`/look-in-your-inbox?language=${language}`, 303);
      if ((inputs[HONEYPOT_INPUT] ?? '').trim() !== '') return done();
      inputs.landing_page ||= otherSite(context, request) ?? '';
      const read = readSignUpForm(inputs, context.programme.languages, language);
      if ('problems' in read) {
        return showForm(context, request, reply.code(422), language, inputs, read.problems);
      }
      // Over the limit looks the same as under it: the page gives nothing away.
      const count = await countForAddress(request);
      if (!count.isAllowed && count.isExceeded) return done();
      const hit = readKeptHit(context, request);
      const { ip, userAgent } = hit;
      const unread = unreadOf(inputs, read.notes);
      await signUp(context, { signUp: read.signUp, ip, userAgent, unread }, context.now());
      await takeDownload(context, read.signUp, hit);
      return done();
    });
  });

  app.get('/look-in-your-inbox', (request, reply) => {
    const language = pageLanguage(context, request);
    return showPage(context, reply, 'look-in-your-inbox', language, { hasInbox: context.hasInbox });
  });
}

/** The form was the price of a download: that counts for who is on the list already, too. */
async function takeDownload(context: WebContext, { email, source, ...profile }: SignUp, hit: Hit) {
  if (source.download === undefined) return;
  const asked = { form: 'download', download: source.download, visitor: null, details: {} };
  await takeForm(context, { ...asked, email, profile, hit }, context.now());
}

function showForm(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  language: string,
  inputs: Inputs,
  problems: Parameters<typeof shownProblems>[0],
): FastifyReply {
  const { programme } = context;
  const slip = problems.find(({ text }) => text === 'email.did-you-mean');
  const more = Object.values(PROFILE_INPUTS).filter((field) => field !== 'name');
  const { persona } = programme;
  const values = Object.fromEntries(
    ['email', ...Object.values(PROFILE_INPUTS)].map((field) => [field, inputs[field] ?? '']),
  );
  return showPublicPage(context, reply, 'sign-up', language, {
    values,
    problems: problems.length > 0 ? shownProblems(problems) : null,
    emailChecked: slip?.values.address ?? '',
    // What a person has filled in, or has to mend, is never folded away.
    moreIsOpen: more.some(
      (field) => values[field] !== '' || problems.some((problem) => problem.field === field),
    ),
    // Asked for only when the programme weighs it.
    asks: { industry: persona.industries.length > 0, companySize: persona.companySize !== null },
    countries:
      persona.countries.length === 0
        ? null
        : countriesIn(language).map((country) => ({
            ...country,
            isChosen: country.code === readCountry(inputs.country ?? ''),
          })),
    hidden: Object.entries(readSource(inputs)).map(([name, value]) => ({ name, value })),
    timeZone: inputs.time_zone ?? '',
    honeypot: HONEYPOT_INPUT,
    languages: languageChoices(context, language),
    languageLinks: request.method === 'POST' ? [] : languageLinks(context, request, language),
    digests: programme.digests.map(({ name, schedule }) => ({
      name: inLanguage(name, language),
      rhythm: rhythmIn(context, schedule, language),
    })),
    interests: programme.interests.map(({ label, description }) => ({
      label: inLanguage(label, language),
      description: inLanguage(description, language),
    })),
  });
}

/** What the request itself tells about where a visitor came from; fields in the address go before it. */
function arrival(context: WebContext, request: FastifyRequest): Inputs {
  const referrer = otherSite(context, request);
  return { landing_page: context.links.signUp(), ...(referrer === null ? {} : { referrer }) };
}

/** The page of another site that led here, or null. */
function otherSite(context: WebContext, request: FastifyRequest): string | null {
  const referrer = request.headers.referer ?? '';
  if (!/^https?:\/\//.test(referrer) || referrer.startsWith(`${context.publicUrl}/`)) return null;
  return referrer.slice(0, SOURCE_INPUTS.referrer);
}
