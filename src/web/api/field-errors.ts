import type { FastifyRequest } from 'fastify';
import { chooseLanguage } from '../../domain/audience/language.ts';
import { type FieldProblem, PROFILE_INPUTS } from '../../domain/audience/sign-up-form.ts';
import type { WebContext } from '../context.ts';
import type { FieldError } from './key.ts';

const FIELDS = new Map(
  Object.entries(PROFILE_INPUTS).map(([field, input]): [string, string] => [input, field]),
);

/** What is wrong with the fields of a person: by the names the API has for them, with a code, and in words. */
export function fieldErrors(
  { programme, say }: Pick<WebContext, 'programme' | 'say'>,
  request: FastifyRequest,
  problems: readonly FieldProblem[],
): FieldError[] {
  const languages = [...new Set(['en', ...programme.languages])];
  const language = chooseLanguage(languages, 'en', undefined, request.headers['accept-language']);
  return problems.map(({ field, text, values }) => ({
    path: FIELDS.get(field) ?? field,
    code: text,
    message: say(language, `subscriber.problems.${text}`, values),
  }));
}
