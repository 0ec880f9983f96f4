import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const file = (name: string) => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');

/** The lines of a service of compose.yaml. */
function service(name: string): string {
  const found = new RegExp(`^  ${name}:\\n((?:(?:    .*)?\\n)+)`, 'm').exec(file('compose.yaml'));
  if (!found) throw new Error(`compose.yaml has no service ${name}`);
  return found[1]!;
}

it('the data folder of the image belongs to the user it runs as', () => {
  const steps = file('Dockerfile').split('\n');
  const workdir = steps.find((step) => step.startsWith('WORKDIR'))!.split(' ')[1];
  expect(workdir).toBe('/app');
  const made = steps.findIndex((step) => /^RUN mkdir data && chown node:node data$/.test(step));
  expect(made).toBeGreaterThan(steps.indexOf('WORKDIR /app'));
  expect(steps.indexOf('USER node')).toBeGreaterThan(made);
});

it('what is clicked while PostgreSQL is away outlives the container', () => {
  expect(service('web')).toContain('- web-data:/app/data\n');
  expect(file('compose.yaml')).toMatch(/^volumes:\n(?: .*\n)*? {2}web-data:$/m);
});

it('only the web pages are reachable from outside', () => {
  expect(service('mails')).toContain('ports: ["127.0.0.1:8025:8025"]');
  for (const name of ['worker', 'postgres', 'redis']) expect(service(name)).not.toContain('ports:');
});
