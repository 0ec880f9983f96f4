import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Database } from '../../journey/ports.ts';
import type { ApiAnswer, ApiKey, Scope } from '../../journey/staff/ports/api-keys.ts';
import type { WebContext } from '../context.ts';
import type { fieldError } from './schemas.ts';

export type FieldError = z.infer<typeof fieldError>;

/** An answer that says what was wrong, as application/problem+json (RFC 9457). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly title: string;
  readonly errors: FieldError[] | undefined;
  constructor(status: number, title: string, detail: string, errors?: FieldError[]) {
    super(detail);
    this.status = status;
    this.title = title;
    this.errors = errors;
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a key is kept as; the same for every spelling of the header. Null when the header holds none. */
export function keyHash(request: FastifyRequest): string | null {
  const [, secret] =
    /^\s*Bearer\s+(simmer_[\w-]{20,100})\s*$/i.exec(request.headers.authorization ?? '') ?? [];
  return secret === undefined ? null : hashOf(secret);
}

const good = new WeakSet<FastifyRequest>();
/** Whether `findKey` has found the request's key. */
export const hasGoodKey = (request: FastifyRequest): boolean => good.has(request);

/** The key of the request. Throws 401 without a good one, 403 when it may not do this. */
export async function findKey(context: WebContext, request: FastifyRequest, scope: Scope): Promise<ApiKey> {
  const hash = keyHash(request);
  const key = hash && (await context.database.stores.apiKeys.use(hash, context.now()));
  if (!key)
    throw new ApiProblem(
      401,
      'No valid API key',
      'Send the header "Authorization: Bearer simmer_…" with a key made by: simmer api-key create',
    );
  good.add(request);
  if (!key.scopes.includes(scope))
    throw new ApiProblem(
      403,
      'The key may not do this',
      `It needs the scope ${scope}; it has ${key.scopes.join(', ') || 'none'}.`,
    );
  return key;
}

/**
 * Does `work` and answers. With the header Idempotency-Key it is done once: a repeat gets the first answer, from the same
 * transaction that did the work; the same key with another body is refused.
 */
export async function once(
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  apiKey: ApiKey,
  work: (database: Database) => Promise<ApiAnswer>,
): Promise<FastifyReply> {
  const header = request.headers['idempotency-key'];
  if (header !== undefined && (typeof header !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(header)))
    throw new ApiProblem(400, 'Bad Idempotency-Key', 'It takes 1 to 200 visible ASCII characters.');
  const now = context.now();
  const answer = await context.database.inTransaction(async (stores) => {
    const inside: Database = { stores, inTransaction: (nested) => nested(stores) };
    if (header === undefined) return work(inside);
    const requestHash = hashOf(`${request.method} ${request.url} ${JSON.stringify(request.body)}`);
    const before = await stores.apiKeys.answered(apiKey.id, header);
    if (before && before.requestHash !== requestHash)
      throw new ApiProblem(
        422,
        'Idempotency-Key used before',
        'It was used with another request; take a new one.',
      );
    if (before) return before;
    const fresh = await work(inside);
    await stores.apiKeys.keepAnswer(apiKey.id, header, requestHash, fresh, now);
    return fresh;
  });
  return reply.code(answer.status).send(answer.body);
}
