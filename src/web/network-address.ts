import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ownNetwork, plainAddress } from '../domain/tracking/network.ts';

/**
 * Makes `request.ip` an address and nothing else, for everything that comes after. Proxies write ports, brackets and words
 * into X-Forwarded-For; what is no address becomes an empty text, and nothing of it is kept.
 */
export function takePlainAddresses(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const { headers } = request.raw;
    const forwarded = headers['x-forwarded-for'];
    if (forwarded !== undefined) {
      // Before anybody asks who is trusted: a proxy's own address may come with a port, too.
      headers['x-forwarded-for'] = [forwarded]
        .flat()
        .join(',')
        .split(',')
        .map((one) => plainAddress(one) ?? 'unknown')
        .join(', ');
    }
    Object.defineProperty(request, 'ip', { value: plainAddress(request.ip ?? '') ?? '' });
  });
}

/** What is limited together: all requests of one connection to the net. */
export const connectionOf = (request: FastifyRequest): string => ownNetwork(request.ip);
