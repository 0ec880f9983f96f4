import type { FastifyRequest } from 'fastify';
import { chooseLanguage } from '../domain/audience/language.ts';
import type { Programme } from '../domain/programme.ts';

/** The language of the answer: ?language=, else what the browser asks for, among the programme's languages. */
export function languageOf(request: FastifyRequest, programme: Programme): string {
  const wish = (request.query as { language?: unknown } | undefined)?.language;
  return chooseLanguage(
    programme.languages,
    programme.defaultLanguage,
    typeof wish === 'string' ? wish : undefined,
    request.headers['accept-language'],
  );
}
