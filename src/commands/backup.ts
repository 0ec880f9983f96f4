import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { writeBackup } from '../adapters/postgres/backup/write-backup.ts';
import { UnusableDatabase } from '../adapters/postgres/unusable-database.ts';
import { fileFault } from '../config/file-fault.ts';
import { keyPrint, secretKeyFile } from '../config/secret-key.ts';
import type { Settings } from '../config/settings.ts';
import { counted } from '../domain/text.ts';
import { reachDatabase, setUpError } from '../open-database.ts';
import { settingsOf } from '../runtime.ts';
import { version } from '../version.ts';
import { CommandError, commandLog, print } from './with-program.ts';

/** simmer backup FILE: everything in the database, as of one moment, in one file. */
export function backupCommand(simmer: Command): void {
  simmer
    .command('backup')
    .description('write everything in the database into a file, as of now; beside a running program too')
    .argument('<file>', 'a file that is not there yet, such as 2026-11-30.simmer')
    .option('--with-key', 'the key that signs links too: then keep the file as secret as the key')
    .option('--json', 'print JSON alone on stdout')
    .addHelpText(
      'after',
      `
Examples:
  simmer backup 2026-11-30.simmer
  simmer backup /backups/$(date +%F).simmer --json     from cron, every night`,
    )
    .action(async (file: string, options: { withKey?: boolean; json?: boolean }) => {
      await backup(resolve(file), options);
    });
}

async function backup(path: string, options: { withKey?: boolean; json?: boolean }): Promise<void> {
  if (existsSync(path))
    throw new CommandError(`${path} is there already: a backup never replaces another. Choose another name.`);
  const settings = settingsOf();
  const key = signingKey(settings);
  if (options.withKey && key === null)
    throw new CommandError(`there is no key yet in ${secretKeyFile(settings.dataDir)}`);
  const now = new Date();
  const { url, close } = await reachDatabase(settings, commandLog());
  try {
    const made = await writeBackup(url, path, {
      version,
      now,
      keyPrint: key === null ? null : keyPrint(key),
      key: options.withKey ? key : null,
      ...(process.stderr.isTTY ? { tell: tellOnTerminal } : {}),
    });
    const bytes = statSync(path).size;
    const rows = made.end.rows;
    const text = [
      `${path}: ${inRows(rows)} as of ${now.toISOString()}, ${inBytes(bytes)}.`,
      aboutKey(settings, options.withKey === true),
      'The programme, changed templates, .env and DKIM keys are files: keep copies of them too.',
    ].join('\n');
    print(
      {
        json: { file: path, madeAt: now.toISOString(), bytes, rows, hasKey: options.withKey === true },
        text,
      },
      options.json,
    );
  } catch (error) {
    throw asCommandError(error, path, url);
  } finally {
    await close();
  }
}

/** The one that signs; an embedded installation that was never started has none yet. */
export function signingKey({ secrets, dataDir }: Pick<Settings, 'secrets' | 'dataDir'>): string | null {
  if (secrets[0] !== undefined) return secrets[0];
  const file = secretKeyFile(dataDir);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function aboutKey({ secrets, dataDir }: Settings, isInIt: boolean): string {
  if (isInIt)
    return 'The key that signs links is in it: whoever has the file can make links that are believed.';
  const where = secrets.length > 0 ? 'SECRET_KEY' : secretKeyFile(dataDir);
  return `The key that signs links is not in it (--with-key puts it in): keep ${where} too, or links in mails sent so far stop working.`;
}

/** What people ask for first. */
export function inRows(rows: Record<string, number>): string {
  const all = Object.values(rows).reduce((sum, count) => sum + count, 0);
  return `${counted(rows.subscribers ?? 0, 'subscriber')}, ${counted(rows.issues ?? 0, 'issue')}, ${counted(all, 'row')} in all`;
}

function inBytes(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function tellOnTerminal(what: string): void {
  process.stderr.write(`\r\x1b[K${what}`);
}

/** What a person can mend, in a sentence. */
export function asCommandError(error: unknown, path: string, url: string): unknown {
  if (error instanceof UnusableDatabase) return setUpError(url, error);
  const { syscall, code } = error as NodeJS.ErrnoException;
  const isOfFile =
    code === 'ENOSPC' || (syscall !== undefined && syscall !== 'connect' && syscall !== 'getaddrinfo');
  if (isOfFile) return new CommandError(`${path} cannot be used: ${fileFault(error)}`, { cause: error });
  return syscall === undefined && code === undefined ? error : setUpError(url, error);
}
