import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { say } from '../../src/adapters/templates/texts.ts';
import type { Log } from '../../src/journey/ports.ts';
import { startTexts } from '../../src/start/texts.ts';

let folder: string;
let warnings: string[];
const log = { warn: (_: object, message: string) => warnings.push(message) } as Partial<Log> as Log;
const programme = { languages: ['en', 'fr'], defaultLanguage: 'en' };
const start = (mode: 'embedded' | 'production', languages = programme.languages) =>
  startTexts({ programme: { ...programme, languages }, settings: { mode }, log }, folder);

beforeEach(() => {
  warnings = [];
  folder = mkdtempSync(join(tmpdir(), 'simmer-texts-'));
  cpSync(join(import.meta.dirname, '../../templates/locales'), folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));

function change(from: string, to: string): void {
  const file = join(folder, 'fr.json');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

describe('texts at the start', () => {
  it('that are whole are taken as they are, in any mode', () => {
    expect(start('production').get('fr')?.get('common.copy')).toBe('Copier');
    expect(warnings).toEqual([]);
  });

  it('of a language with no file stop it, naming the file', () => {
    for (const mode of ['embedded', 'production'] as const)
      expect(() => start(mode, ['en', 'it'])).toThrow(/it\.json\n {4}found: no such file/);
  });

  it('of a half-done language are refused in production', () => {
    change('"copy": "Copier",', '');
    expect(() => start('production')).toThrow(/fr\.json: common\.copy\n {4}found: nothing/);
    // Readers who are offered other languages alone are not kept from them.
    expect(start('production', ['en', 'nl']).size).toBe(4);
  });

  it('fall back to the default language in a try-out, and that is told', () => {
    change('"copy": "Copier",', '');
    const french = start('embedded').get('fr')!;
    expect(say(french, 'common.copy')).toBe('Copy');
    expect(say(french, 'common.copied')).toBe('Copié.');
    expect(warnings).toEqual([expect.stringContaining('what is missing is said in "en"')]);
  });

  it('are only told of where nothing is missing', () => {
    change('"copy": "Copier",', '"copy": "Copier", "copyAll": "Tout copier",');
    expect(say(start('production').get('fr')!, 'common.copy')).toBe('Copier');
    expect(warnings).toEqual([expect.stringContaining('"simmer check" names them')]);
  });

  it('that are no JSON are named with their file', () => {
    change('"copy": "Copier",', '"copy": "Copier"');
    expect(() => start('embedded')).toThrow(/^templates\/locales\/fr\.json: /);
  });
});
