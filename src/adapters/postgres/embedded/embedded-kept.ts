import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What is kept between starts, readable by its owner only. */
export interface Kept {
  password: string;
  port: number;
  /** Absolute when the data had to be put outside the data folder. */
  home: string | null;
}

export function readKept(file: string): Kept | null {
  try {
    return existsSync(file) ? keptIn(JSON.parse(readFileSync(file, 'utf8'))) : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') {
      throw new Error(
        `${file} belongs to another user, who started Simmer here before. Run this as that user, or set DATA_DIR to a folder of your own.`,
        { cause: error },
      );
    }
    return null; // being written at this moment; keepFirst waits for it
  }
}

function keptIn(read: Partial<Kept> | null): Kept | null {
  const { password, port, home = null } = read ?? {};
  const isWhole = typeof password === 'string' && password !== '' && Number.isInteger(port);
  return isWhole && (home === null || typeof home === 'string') ? { password, port: port!, home } : null;
}

/** Two processes may start at once: the first one to write decides for both. */
export async function keepFirst(file: string, kept: Kept): Promise<Kept> {
  try {
    writeFileSync(file, JSON.stringify(kept), { mode: 0o600, flag: 'wx' });
    return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  for (let waited = 0; waited < 5000; waited += 50) {
    const others = readKept(file);
    if (others !== null) return others;
    await sleep(50);
  }
  throw new Error(
    `${file} cannot be read: it must hold the password and port of the embedded PostgreSQL as JSON. ` +
      'Put the former file back, or set DATA_DIR to an empty folder (and restore a backup into it).',
  );
}

export function replace(file: string, kept: Kept): void {
  writeFileSync(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
