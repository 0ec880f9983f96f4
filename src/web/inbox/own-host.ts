import { isIP } from 'node:net';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * The inbox shows sign-in links to whoever asks, so it answers under names of this installation only: a page on the web can
 * make a browser ask this machine under the page's own name (DNS rebinding), but not under ours or by an address.
 */
export function onlyUnderOwnName(publicUrl: string) {
  const own = new URL(publicUrl).hostname;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const name = hostnameOf(request.headers.host ?? '');
    if (
      name === own ||
      name === 'localhost' ||
      name.endsWith('.localhost') ||
      isIP(name.replace(/^\[|\]$/g, '')) > 0
    )
      return;
    await reply
      .code(421)
      .type('text/plain; charset=utf-8')
      .send(
        `The inbox is not shown under the name "${name}". Open it at ${publicUrl}/inbox, or set PUBLIC_URL to the address you use.\n`,
      );
  };
}

/** The name in a Host header, without its port and the dot that may end it; '' for what is none. */
function hostnameOf(host: string): string {
  try {
    return new URL(`http://${host}`).hostname.replace(/\.$/, '');
  } catch {
    return '';
  }
}
