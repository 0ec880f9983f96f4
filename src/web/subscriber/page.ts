import type { FastifyReply, FastifyRequest } from 'fastify';
import { chooseLanguage } from '../../domain/audience/language.ts';
import type { FieldProblem } from '../../domain/audience/sign-up-form.ts';
import { describeRhythm, type Rhythm } from '../../domain/mail/rhythm.ts';
import type { WebContext } from '../context.ts';

export type Inputs = Record<string, string>;

/** A posted body or a query with one text per field: the first where there are several, nothing for anything else. */
export function oneOfEach(body: unknown): Inputs {
  const inputs: Inputs = {};
  for (const [field, given] of Object.entries((body ?? {}) as Record<string, unknown>)) {
    const value = Array.isArray(given) ? given[0] : given;
    if (typeof value === 'string') inputs[field] = value;
  }
  return inputs;
}

/** ?language= first, then what is known about the reader, then the browser's wish, then the programme's default. */
export function pageLanguage(context: WebContext, request: FastifyRequest, known?: string): string {
  const { languages, defaultLanguage } = context.programme;
  const asked = oneOfEach(request.query).language;
  const wish = asked !== undefined && languages.includes(asked) ? asked : known;
  return chooseLanguage(languages, defaultLanguage, wish, request.headers['accept-language']);
}

/** How often a digest comes, in words of the page: "every two weeks". */
export function rhythmIn(context: Pick<WebContext, 'say'>, schedule: Rhythm, language: string): string {
  return describeRhythm(schedule, language, (part, values) =>
    context.say(language, `common.rhythm.${part}`, values),
  );
}

/** The page's other languages, as links that keep the rest of the address. */
export function languageLinks(context: WebContext, request: FastifyRequest, current: string) {
  if (context.programme.languages.length < 2) return [];
  const [path = '/', query = ''] = request.url.split('?', 2);
  return context.programme.languages.map((id) => {
    const wanted = new URLSearchParams(query);
    wanted.set('language', id);
    return { id, name: languageName(id), href: `${path}?${wanted}`, current: id === current };
  });
}

function linksOf(context: WebContext, { request }: FastifyReply, language: string) {
  return request.method === 'GET' ? languageLinks(context, request, language) : [];
}

/** The choice of a language select, each in its own words. */
export function languageChoices(context: WebContext, chosen: string) {
  return context.programme.languages.map((id) => ({ id, label: languageName(id), chosen: id === chosen }));
}

function languageName(id: string): string {
  const name = new Intl.DisplayNames(id, { type: 'language' }).of(id) ?? id;
  return name.charAt(0).toLocaleUpperCase(id) + name.slice(1);
}

/** Problems as templates show them: a list for the summary, and one per field. */
export function shownProblems(problems: FieldProblem[]) {
  const list = problems.map(({ field, text, values }) => ({
    field,
    key: `subscriber.problems.${text}`,
    values,
  }));
  return { list, ...Object.fromEntries([...list].reverse().map((problem) => [problem.field, problem])) };
}

/** Answers with a page for anybody. What was asked for by GET can be read in the other languages, too. */
export function showPublicPage(
  context: WebContext,
  reply: FastifyReply,
  page: string,
  language: string,
  data: Record<string, unknown> = {},
): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .headers({ 'cache-control': 'no-store', 'content-language': language })
    .send(
      context.page(`subscriber/${page}`, language, {
        languageLinks: linksOf(context, reply, language),
        ...data,
      }),
    );
}

/**
 * Answers with a page for one person: kept by no cache and no search engine, and its address (which holds the token)
 * is told to no other site.
 */
export function showPage(
  context: WebContext,
  reply: FastifyReply,
  page: string,
  language: string,
  data: Record<string, unknown> = {},
): FastifyReply {
  reply.headers({ 'x-robots-tag': 'noindex, nofollow', 'referrer-policy': 'no-referrer' });
  return showPublicPage(context, reply, page, language, data);
}
