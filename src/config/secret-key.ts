import { randomBytes, scryptSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../domain/text.ts';
import { fileFault } from './file-fault.ts';
import { CHANGE_KEY, weaknessOf } from './secret-strength.ts';
import { SetUpError } from './set-up-error.ts';

const FRESH =
  'Put the former file back; or delete it to have a new one made (links in mails sent before then stop working).';

/** Where the key of an embedded installation is kept. */
export const secretKeyFile = (dataDir: string): string => join(dataDir, 'secret-key');

/**
 * The key of an embedded installation: made once with 32 random bytes and kept in DATA_DIR/secret-key, readable for
 * its owner alone. Links in mails of yesterday work tomorrow because it stays. Throws SetUpError when it cannot be kept or
 * read.
 */
export function keptSecretKey(dataDir: string): string {
  const path = secretKeyFile(dataDir);
  let key: string;
  try {
    mkdirSync(dataDir, { recursive: true });
    try {
      // 'wx': of two processes that start together, one makes the key and the other reads it.
      writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    key = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new SetUpError(`${path} cannot be used: ${fileFault(error)} ${FRESH}`, { cause: error });
  }
  if (/^[\x20-\x7e]{32,}$/.test(key)) {
    const weakness = weaknessOf(key);
    if (weakness === null) return key;
    throw new SetUpError(
      `${path}: found ${weakness}; a key is one that nobody guesses. Set SECRET_KEY instead, with the key of the file as OLD: ${CHANGE_KEY}`,
    );
  }
  const found = key.length < 32 ? counted(key.length, 'character') : 'characters that no key has';
  throw new SetUpError(`${path}: found ${found}; a key has 64. ${FRESH}`);
}

/** Tells whether two keys are the same without telling the key: slow to try keys against, also short ones. */
export function keyPrint(key: string): string {
  return scryptSync(key, 'the print of a key of Simmer', 16, {
    N: 2 ** 15,
    r: 8,
    p: 1,
    maxmem: 2 ** 26,
  }).toString('hex');
}
