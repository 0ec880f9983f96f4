import type { FastifyRequest } from 'fastify';
import type { Hit } from '../domain/engagement/happening.ts';

/** The request as it is kept with an event. Header values are cut: they come from anybody. */
export function readHit(request: FastifyRequest): Hit {
  const header = (name: string): string | null => {
    const value = request.headers[name];
    const text = Array.isArray(value) ? value.join(', ') : value;
    return text === undefined || text === '' ? null : text.slice(0, 500);
  };
  return {
    method: request.method,
    ip: request.ip ?? null,
    userAgent: header('user-agent'),
    purpose: header('sec-purpose') ?? header('purpose') ?? header('x-moz'),
  };
}
