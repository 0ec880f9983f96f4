import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeDataDir } from '../../src/config/data-dir.ts';
import { fileFault } from '../../src/config/file-fault.ts';

const folder = mkdtempSync(join(tmpdir(), 'simmer-data-dir-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is made when it is missing, and nothing is left in it', () => {
  const dataDir = join(folder, 'a/b');
  makeDataDir(dataDir);
  makeDataDir(dataDir);
  expect(readdirSync(dataDir)).toEqual([]);
});

it.each([
  ['EACCES', /^the user .+ may not write or read it\.$/],
  ['EROFS', 'it is on a file system that cannot be written to.'],
  ['ENOSPC', 'the disk is full.'],
  ['EDQUOT', 'the disk is full.'],
  ['ENOTDIR', 'it is a file, or lies below one.'],
  ['EISDIR', 'it is a folder, not a file.'],
  ['ENOENT', 'it is not there.'],
  ['EMFILE', 'too many.'],
])('%s is a sentence', (code, words) => {
  expect(fileFault(Object.assign(new Error('too many'), { code }))).toMatch(words);
});
