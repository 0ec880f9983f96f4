import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { readBackup } from '../../../../src/adapters/postgres/backup/format.ts';
import { handWritten } from '../../../support/backup.ts';

const folder = mkdtempSync(join(tmpdir(), 'simmer-format-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'a.simmer');

async function read(file = path): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let current = '';
  await readBackup(file, {
    head() {},
    table({ name }) {
      current = name;
      found[name] = '';
    },
    rows(chunk) {
      expect(chunk.at(-1), 'whole rows only').toBe(10);
      found[current] += chunk.toString();
    },
    tableEnd() {},
  });
  return found;
}

/** As COPY writes texts. */
const escaped = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');

it('gives back every row of every table, whatever is in them and wherever pieces of the file end', async () => {
  const texts = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\\.', '\\.\n', '-- end {}', 'COPY "x" (')),
    {
      maxLength: 40,
    },
  );
  await fc.assert(
    fc.asyncProperty(texts, texts, async (one, two) => {
      const lines = (all: string[]) => all.map((text, at) => `${at}\t${escaped(text)}\n`).join('');
      const rows = { one: lines(one), two: lines(two), empty: '' };
      handWritten(path, { rows });
      expect(await read()).toEqual(rows);
    }),
    { numRuns: 60 },
  );
});

it('rows that are longer than any piece of the file are whole', async () => {
  const rows = { long: `1\t${'x'.repeat(3_000_000)}\n2\tshort\n` };
  handWritten(path, { rows });
  expect((await read()).long).toHaveLength(rows.long.length);
});

const ROWS = { one: '1\tAnn\n2\tBob\n', two: '1\tCas\n' };
const changed = (change: (text: string) => string) => {
  handWritten(path, { rows: ROWS });
  writeFileSync(path, gzipSync(change(gunzipSync(readFileSync(path)).toString())));
};

it.each([
  [
    'a row that was changed',
    () => changed((text) => text.replace('Bob', 'Bib')),
    'it is damaged: its checksum is wrong',
  ],
  [
    'a row that is missing',
    () => changed((text) => text.replace('2\tBob\n', '')),
    'it is damaged: its checksum is wrong',
  ],
  [
    'an end that is missing',
    () => changed((text) => text.slice(0, text.indexOf('-- end'))),
    'it is cut off: its end is missing',
  ],
  [
    'rows without an end',
    () => changed((text) => text.slice(0, text.indexOf('2\tBob'))),
    'it is cut off: its end is missing',
  ],
  [
    'something behind the end',
    () => handWritten(path, { rows: ROWS, tail: 'more\n' }),
    'something behind its end',
  ],
  [
    'a file that stops',
    () => {
      handWritten(path, { rows: ROWS });
      writeFileSync(path, readFileSync(path).subarray(0, 60));
    },
    'it is cut off',
  ],
  [
    'a byte that fell over',
    () => {
      handWritten(path, { rows: ROWS });
      const bytes = readFileSync(path);
      bytes[bytes.length - 6]! ^= 1;
      writeFileSync(path, bytes);
    },
    'damaged',
  ],
  ['no gzip', () => writeFileSync(path, 'hello'), 'damaged, or no backup of Simmer'],
  [
    'another file in gzip',
    () => writeFileSync(path, gzipSync('select 1;\n'.repeat(99))),
    'no backup of Simmer',
  ],
  ['nothing', () => writeFileSync(path, ''), /cut off|empty/],
  [
    'a head that is broken',
    () => changed((text) => text.replace('{"format"', '{format')),
    'its first line cannot be read',
  ],
  [
    'another form',
    () => handWritten(path, { head: { format: 2, version: '9.0.0' } }),
    'use the version that made it (9.0.0)',
  ],
])('%s is told', async (_, make, words) => {
  make();
  await expect(read()).rejects.toThrow(words);
});

it('a file that is not there is told as such', async () => {
  await expect(read(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'ENOENT' });
});
