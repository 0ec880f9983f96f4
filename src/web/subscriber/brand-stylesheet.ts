import type { FastifyInstance } from 'fastify';
import { brandIcon, brandStylesheet } from '../../domain/brand-colours.ts';
import type { WebContext } from '../context.ts';

/** The programme's colours for simmer.css, as files of their own: the pages' security policy allows no inline styles. */
export function brandColours(app: FastifyInstance, context: WebContext): void {
  const css = brandStylesheet(context.programme.brand.colours);
  app.get('/assets/brand.css', (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=300').send(css),
  );
  const icon = brandIcon(context.programme.brand.colours);
  app.get('/assets/icon.svg', (_request, reply) =>
    reply.type('image/svg+xml').header('cache-control', 'public, max-age=300').send(icon),
  );
}
