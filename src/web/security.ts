import type { FastifyHelmetOptions } from '@fastify/helmet';

/**
 * Headers of every answer. No script and no style but our own files; a route that shows something else says so itself
 * (the inbox's frame). Images may come from anywhere over https: a brand's logo and articles' pictures do.
 */
export function securityHeaders(publicUrl: string): FastifyHelmetOptions {
  const isHttps = publicUrl.startsWith('https:');
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'https:', 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'self'"],
        ...(isHttps ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    // Mails are read on other sites (webmail): their pictures come from here.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Addresses hold tokens, so they are told to nobody.
    referrerPolicy: { policy: 'no-referrer' },
    // The inbox's frame is sandboxed and can never be origin-keyed; a mixture makes browsers complain.
    originAgentCluster: false,
    hsts: isHttps ? { maxAge: 15_552_000, includeSubDomains: false } : false,
  };
}
