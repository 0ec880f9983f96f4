import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Files that a reader is told to make. */
const TO_BE_MADE = ['templates/locales/it.json'];

/** Paths that a text names: whole ones from the top of the project, such as src/domain/links.ts. */
function namedPaths(text: string): string[] {
  const named = text.matchAll(/(?<![\w./-])(?:src|test|bench|templates|docs)\/[\w./-]*\w/g);
  return [...new Set([...named].map(([path]) => path))].filter((path) => !/[A-Z]{3,}/.test(path));
}

it.each(['README.md', 'ARCHITECTURE.md', 'SECURITY.md'])('every file that %s names is there', (file) => {
  const named = namedPaths(readFileSync(join(ROOT, file), 'utf8'));
  expect(named.filter((path) => !TO_BE_MADE.includes(path) && !existsSync(join(ROOT, path)))).toEqual([]);
});

it('finds paths in a text, and no address', () => {
  expect(
    namedPaths(
      'see `src/domain/links.ts`, https://x.example/src/a and templates/locales/CODE.json, src/web.',
    ),
  ).toEqual(['src/domain/links.ts', 'src/web']);
});
