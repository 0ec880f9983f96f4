import type { FastifyReply } from 'fastify';
import { headerAddress } from '../domain/address.ts';

/** Leads on to an address that comes from outside this program's own code, however it is written: it always lands. */
export function redirectTo(reply: FastifyReply, address: string, code: 302 | 303 = 302): FastifyReply {
  return reply.redirect(headerAddress(address), code);
}
