import type { FastifyRequest } from 'fastify';
import { cut } from '../domain/text.ts';
import type { Hit } from '../domain/tracking/hit.ts';
import type { WebContext } from './context.ts';

/** The request as it is kept with an event. Header values are cut: they come from anybody. */
export function readHit(request: FastifyRequest): Hit {
  const header = (name: string): string | null => {
    const value = request.headers[name];
    const text = Array.isArray(value) ? value.join(', ') : value;
    return text === undefined || text === '' ? null : cut(text, 500);
  };
  return {
    method: request.method,
    ip: request.ip || null,
    userAgent: header('user-agent'),
    purpose: header('sec-purpose') ?? header('purpose') ?? header('x-moz'),
  };
}

/**
 * The same with no more of the network address than the programme keeps: for a sign-up, which anybody can do with any
 * address. The confirmation that follows is the proof of consent, and keeps the whole one.
 */
export function readKeptHit({ keepAddress }: Pick<WebContext, 'keepAddress'>, request: FastifyRequest): Hit {
  const hit = readHit(request);
  return { ...hit, ip: keepAddress(hit.ip) };
}
