import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileFault } from './file-fault.ts';
import { SetUpError } from './set-up-error.ts';

/** What a page of the smallest file system holds: a disk that is full refuses it. */
const PROBE = Buffer.alloc(4096);

/**
 * Makes the folder when it is missing and writes a file in it, to see now what would otherwise be lost later: the key, the
 * embedded database, and the hits that are kept while PostgreSQL is away. Throws SetUpError.
 */
export function makeDataDir(dataDir: string): void {
  const probe = join(dataDir, `.probe-${process.pid}`);
  try {
    if (statSync(dataDir, { throwIfNoEntry: false })?.isDirectory() === false)
      throw Object.assign(new Error('it is a file'), { code: 'ENOTDIR' });
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(probe, PROBE, { flush: true });
  } catch (error) {
    throw new SetUpError(
      `The data folder ${dataDir} cannot be used: ${fileFault(error)} ` +
        'Set DATA_DIR to a folder that this user may write to; in a container, to a volume.',
      { cause: error },
    );
  } finally {
    removed(probe);
  }
}

function removed(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It could not be made either.
  }
}
