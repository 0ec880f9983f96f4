import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { maskAddress, maskName } from '../../domain/audience/mask.ts';
import {
  FREQUENCIES,
  PAUSES,
  type Preferences,
  readPreferencesForm,
} from '../../domain/audience/preferences-form.ts';
import type { FieldProblem } from '../../domain/audience/sign-up-form.ts';
import { timeZones } from '../../domain/audience/time-zone.ts';
import { inLanguage } from '../../domain/programme.ts';
import { CHANGE_HOURS, setPreferences } from '../../journey/audience/set-preferences.ts';
import type { WebContext } from '../context.ts';
import { readHit } from '../hit.ts';
import { newSecret } from '../new-secret.ts';
import {
  languageChoices,
  languageLinks,
  oneOfEach,
  pageLanguage,
  rhythmIn,
  shownProblems,
  showPage,
} from './page.ts';
import { forReader, type Reader } from './reader.ts';

const LIMIT = { config: { rateLimit: { max: 60, timeWindow: '10 minutes' } } };

/** What the form shows: as it is stored, or as it was typed. */
interface Shown {
  interests: readonly string[];
  language: string;
  timeZone: string;
  name: string;
  frequency: string;
  tracking: boolean;
}

/**
 * The page behind every interest link of a mail. Opening it changes nothing, whoever or whatever opens it; the one
 * button confirms the address and stores the choice.
 */
export function preferencesPage(app: FastifyInstance, context: WebContext): void {
  app.get(
    '/preferences/:token',
    forReader(context, (reader, request, reply) => {
      const { subscriber } = reader;
      const linked = oneOfEach(request.query).interest;
      const ids = context.programme.interests.map(({ id }) => id);
      const interests = ids.filter(
        (id) => linked === 'all' || id === linked || subscriber.interests.includes(id),
      );
      const { language, timeZone, frequency, tracking } = subscriber;
      return showForm(
        context,
        reader,
        request,
        reply,
        { interests, language, timeZone, name: '', frequency, tracking },
        [],
      );
    }),
  );

  app.post(
    '/preferences/:token',
    LIMIT,
    forReader(context, async (reader, request, reply) => {
      const inputs = (request.body ?? {}) as Record<string, string | string[]>;
      const { languages, interests } = context.programme;
      const interestIds = interests.map(({ id }) => id);
      const read = readPreferencesForm(inputs, { interestIds, languages, now: reader.subscriber });
      if ('problems' in read) {
        const typed = oneOfEach(request.body);
        const {
          language = reader.language,
          time_zone: timeZone = reader.subscriber.timeZone,
          name = '',
          frequency = reader.subscriber.frequency,
        } = typed;
        const tracking = typed.tracking === undefined ? reader.subscriber.tracking : typed.tracking === 'yes';
        const shown = {
          interests: [inputs.interest ?? []].flat(),
          language,
          timeZone,
          name,
          frequency,
          tracking,
        };
        return showForm(context, reader, request, reply.code(422), shown, read.problems);
      }
      const { preferences } = read;
      const input = {
        subscriberId: reader.subscriber.id,
        preferences,
        pageLanguage: reader.language,
        hit: readHit(request),
        by: 'link' as const,
      };
      const outcome = await setPreferences({ ...context, newSecret }, input, context.now());
      if (outcome === 'unreachable') return showUnreachable(context, reader, reply);
      if (outcome === 'asked') return showAsked(context, reader, reply);
      return showSaved(context, reader, request, reply, outcome ?? 'changed', preferences, read.notes);
    }),
  );
}

function showForm(
  context: WebContext,
  reader: Reader,
  request: FastifyRequest,
  reply: FastifyReply,
  shown: Shown,
  problems: FieldProblem[],
): FastifyReply {
  const { subscriber, language } = reader;
  if (subscriber.status === 'suppressed') return showUnreachable(context, reader, reply);
  const { programme } = context;
  return showPage(context, reply, 'preferences', language, {
    isActive: subscriber.status === 'active',
    isReturn: subscriber.status === 'unsubscribed',
    address: maskAddress(subscriber.email),
    name: shown.name,
    // The mail may have been passed on: whoever reads this need not learn who the reader is.
    knownName: subscriber.name === null ? null : maskName(subscriber.name),
    interests: programme.interests.map(({ id, label, description }) => ({
      id,
      label: inLanguage(label, language),
      description: inLanguage(description, language),
      chosen: shown.interests.includes(id),
    })),
    languages: languageChoices(context, shown.language),
    languageLinks: request.method === 'POST' ? [] : languageLinks(context, request, language),
    zones: zoneChoices(context, shown.timeZone, language),
    frequencies: FREQUENCIES.map((id) => ({ id, chosen: id === shown.frequency })),
    pauses: PAUSES,
    pausedUntil:
      subscriber.pausedUntil && subscriber.pausedUntil > context.now() ? subscriber.pausedUntil : null,
    pausedByMailServer: subscriber.pauseReason !== null,
    tracking: shown.tracking,
    ownDataUrl: `/preferences/${(request.params as { token: string }).token}/your-data`,
    rhythm: new Intl.ListFormat(language).format(
      new Set(programme.digests.map(({ schedule }) => rhythmIn(context, schedule, language))),
    ),
    unsubscribeUrl: unsubscribePath(reader, request),
    problems: problems.length > 0 ? shownProblems(problems) : null,
  });
}

function showAsked(context: WebContext, { subscriber, language }: Reader, reply: FastifyReply): FastifyReply {
  return showPage(context, reply, 'change-asked', language, {
    address: maskAddress(subscriber.email),
    hours: CHANGE_HOURS,
    hasInbox: context.hasInbox,
  });
}

/** What was saved, and what still waits for a press in a mail. */
export function showSaved(
  context: WebContext,
  reader: Pick<Reader, 'subscriber' | 'language'>,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: string,
  saved: Preferences,
  notes: FieldProblem[] = [],
): FastifyReply {
  const { programme, links } = context;
  const language = pageLanguage(context, request, saved.language);
  const isNew = outcome === 'confirmed' || outcome === 'returned';
  return showPage(context, reply, 'preferences-saved', language, {
    outcome,
    isNew,
    nameAskedOf: outcome === 'name-asked' ? maskAddress(reader.subscriber.email) : null,
    titleKey: !isNew ? 'subscriber.saved.titleChanged' : 'subscriber.saved.titleNew',
    name: isNew ? saved.name : null,
    leftOut: notes.length > 0 ? shownProblems(notes) : null,
    zone: saved.timeZone.replaceAll('_', ' '),
    isMonthly: saved.frequency === 'monthly',
    pauseWeeks: typeof saved.pause === 'number' ? saved.pause : null,
    tracking: saved.tracking,
    interests: programme.interests
      .filter(({ id }) => saved.interests.includes(id))
      .map(({ label }) => inLanguage(label, language)),
    digests: programme.digests.map(({ name, schedule }) => ({
      name: inLanguage(name, language),
      rhythm: rhythmIn(context, schedule, language),
    })),
    againUrl: links.preferences(reader.subscriber.id),
  });
}

function showUnreachable(context: WebContext, reader: Reader, reply: FastifyReply): FastifyReply {
  return showPage(context, reply, 'unreachable', reader.language, {
    address: maskAddress(reader.subscriber.email),
  });
}

function unsubscribePath(reader: Reader, request: FastifyRequest): string | null {
  if (reader.subscriber.status === 'unsubscribed') return null;
  return `/unsubscribe/${(request.params as { token: string }).token}`;
}

/** Every zone, grouped by its region: "Europe" holds "Amsterdam". The chosen one is always among them. */
/** The first word of a zone, by its number or letters in the United Nations' list of regions; oceans have none. */
const ZONE_REGIONS: Readonly<Record<string, string>> = {
  Africa: '002',
  America: '019',
  Antarctica: 'AQ',
  Asia: '142',
  Australia: 'AU',
  Europe: '150',
};
const OCEANS = ['Arctic', 'Atlantic', 'Indian', 'Pacific'];

function zoneRegion({ say }: WebContext, region: string, language: string): string {
  if (OCEANS.includes(region)) return say(language, `subscriber.preferences.oceans.${region}`);
  const code = ZONE_REGIONS[region];
  return code === undefined
    ? region
    : (new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? region);
}

function zoneChoices(context: WebContext, chosen: string, language: string) {
  const regions = new Map<string, { id: string; label: string; chosen: boolean }[]>();
  for (const id of new Set([...timeZones(), chosen])) {
    const slash = id.indexOf('/');
    const region = slash < 0 ? 'UTC' : id.slice(0, slash);
    const label = id
      .slice(slash + 1)
      .replaceAll('_', ' ')
      .replaceAll('/', ', ');
    regions.set(region, [...(regions.get(region) ?? []), { id, label, chosen: id === chosen }]);
  }
  return [...regions].map(([region, zones]) => ({ region: zoneRegion(context, region, language), zones }));
}
