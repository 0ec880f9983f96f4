import type { FastifyInstance } from 'fastify';
import {
  ACTS,
  countFilters,
  type PeopleFilter,
  readPeopleFilter,
  SORTS,
  writePeopleFilter,
} from '../../../domain/audience/people-filter.ts';
import { SHOWN_STAGE_NAMES, shownStage } from '../../../domain/audience/subscriber.ts';
import { inLanguage } from '../../../domain/programme.ts';
import { cut } from '../../../domain/text.ts';
import { deleteView, saveView } from '../../../journey/audience/keep-views.ts';
import type { WebContext } from '../../context.ts';
import { numberFormat } from '../number-format.ts';
import { staffOnly } from '../session/session.ts';
import { showStaffPage, staffLanguage, withFlash } from '../staff-page.ts';

const PAGE = 50;
/** Counting further costs more than anybody gets from it. */
const COUNT_TO = 10_000;
const LONGEST_NAME = 60;

type Query = Record<string, string>;

/** Everybody, searched and narrowed down; searches worth keeping are kept under a name. */
export function staffPeople(app: FastifyInstance, context: WebContext): void {
  const preHandler = staffOnly(context);
  const { people, savedViews } = context.database.stores;

  app.get<{ Querystring: Query }>('/staff/people', { preHandler }, async (request, reply) => {
    const { query } = request;
    const filter = readPeopleFilter(query);
    const now = context.now();
    const after = typeof query.after === 'string' && query.after !== '' ? query.after : null;
    const [rows, found, views, sources] = await Promise.all([
      people.page(filter, now, after, PAGE + 1),
      people.count(filter, now, COUNT_TO + 1),
      savedViews.list(request.staff!.member.email),
      people.sources(30),
    ]);
    const shown = rows.slice(0, PAGE);
    const written = writePeopleFilter(filter);
    const language = staffLanguage(context, request);
    return showStaffPage(context, request, reply, 'people', {
      people: shown.map((person) => ({ ...person, stage: shownStage(person) })),
      found: numberFormat(language, context.programme.currency).number(Math.min(found, COUNT_TO)),
      isMore: found > COUNT_TO,
      filter: shownFilter(filter),
      filters: countFilters(filter),
      choices: {
        interests: context.programme.interests.map(({ id, label }) => ({
          id,
          label: inLanguage(label, language),
        })),
        stages: SHOWN_STAGE_NAMES,
        acts: ACTS,
        sorts: SORTS,
        sources,
      },
      query: written,
      views: views.map((view) => ({ ...view, isShown: view.query === written })),
      isNamed: views.some((view) => view.query === written),
      isFirst: after === null,
      next: rows.length > PAGE ? `/staff/people?${join(written, shown.at(-1)!.cursor)}` : null,
    });
  });

  // The address of the list before it had more than leads.
  app.get('/staff/leads', { preHandler }, async (request, reply) => {
    const at = request.url.indexOf('?');
    return reply.redirect(`/staff/people${at < 0 ? '' : request.url.slice(at)}`);
  });

  app.post<{ Body: Query }>('/staff/people/views', { preHandler }, async (request, reply) => {
    const name = cut(String(request.body.name ?? '').trim(), LONGEST_NAME);
    const query = writePeopleFilter(
      readPeopleFilter(Object.fromEntries(new URLSearchParams(String(request.body.query ?? '')))),
    );
    const staffEmail = request.staff!.member.email;
    if (name === '') return reply.redirect(`/staff/people?${query}`, 303);
    await saveView(context, { name, query, staffEmail }, context.now());
    return reply.redirect(withFlash(`/staff/people?${query}`, 'view-saved'), 303);
  });

  app.post<{ Body: Query }>('/staff/people/views/delete', { preHandler }, async (request, reply) => {
    const staffEmail = request.staff!.member.email;
    const id = Number(request.body.id) || 0;
    const isGone = await deleteView(context, { id, staffEmail }, context.now());
    return reply.redirect(withFlash('/staff/people', isGone ? 'view-deleted' : null), 303);
  });
}

function shownFilter(filter: PeopleFilter) {
  return { ...filter, scoreFrom: filter.scoreFrom ?? '', scoreTo: filter.scoreTo ?? '' };
}

function join(query: string, after: string): string {
  return query === '' ? `after=${after}` : `${query}&after=${after}`;
}
