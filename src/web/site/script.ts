import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const SCRIPT = readFileSync(new URL('../../../templates/site/s.js', import.meta.url), 'utf8');

/** The script for the company's site. It does nothing there before the visitor has agreed. */
export function siteScript(app: FastifyInstance): void {
  app.get('/s.js', (_request, reply) =>
    reply
      .type('text/javascript; charset=utf-8')
      .header('cache-control', 'public, max-age=3600')
      .header('cross-origin-resource-policy', 'cross-origin')
      .send(SCRIPT),
  );
}
