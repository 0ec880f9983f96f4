import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The key of an embedded installation: made once with 32 random bytes and kept in DATA_DIR/secret-key, readable for
 * its owner alone. Links in mails of yesterday work tomorrow because it stays. Throws when the file cannot be kept.
 */
export function keptSecretKey(dataDir: string): string {
  const path = join(dataDir, 'secret-key');
  mkdirSync(dataDir, { recursive: true });
  try {
    // 'wx': of two processes that start together, one makes the key and the other reads it.
    writeFileSync(path, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = readFileSync(path, 'utf8').trim();
  if (key.length >= 32) return key;
  throw new Error(
    `${path}: found ${key.length} characters; a key has 64. Delete the file to have a new one made (links in mails sent before stop working).`,
  );
}
