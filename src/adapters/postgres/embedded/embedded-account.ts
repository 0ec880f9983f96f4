import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';

/** The operating-system account the server runs as. Null: the one we run as ourselves. */
export type Account = { uid: number; gid: number; name: string } | null;

/** Accounts that are there already and own nothing of value; PostgreSQL refuses to run as root. */
const CANDIDATES = ['postgres', 'nobody'];

/**
 * Root lends the server another account: the owner of the data if there are some, else "postgres", else "nobody".
 * Nothing is added to the machine's accounts.
 */
export function serverAccount(cluster: string): Account {
  if (process.getuid?.() !== 0) return null;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) {
    return { uid: owner.uid, gid: owner.gid, name: `number ${owner.uid}` };
  }
  for (const name of CANDIDATES) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== null && gid !== null && uid !== 0) return { uid, gid, name };
  }
  throw new Error(
    'PostgreSQL does not run as root, and this machine has neither an account "postgres" nor "nobody" to run it as. ' +
      'Start Simmer as an ordinary user, or set DATABASE_URL to a PostgreSQL server (15 or later).',
  );
}

/**
 * The folder for everything of the server: `DATA_DIR/postgres`, or, where its account cannot get there (a folder below
 * root's home, say), a folder of its own outside. `reason` says why it is elsewhere.
 */
export function serverHome(dataDir: string, account: Account): { home: string; elsewhere: boolean } {
  mkdirSync(dataDir, { recursive: true });
  const usual = join(realpathSync(dataDir), 'postgres');
  if (account === null) return { home: made(usual), elsewhere: false };
  // The data folder itself is ours: letting others pass through it (not list it) opens no file in it.
  if (!canEnter(dataDir, account)) chmodSync(dataDir, statSync(dataDir).mode | 0o011);
  if (canEnter(dataDir, account)) return { home: made(usual), elsewhere: false };
  const name = createHash('sha256').update(realpathSync(dataDir)).digest('hex').slice(0, 16);
  for (const base of ['/var/lib/simmer', '/var/tmp/simmer']) {
    try {
      made(base);
      // In a folder open to all, somebody else may have put a trap under our name.
      if (lstatSync(base).isSymbolicLink() || lstatSync(base).uid !== 0) continue;
      sweepTemporary(base);
      const home = made(join(base, name));
      if (!canEnter(home, account)) continue;
      writeFileSync(join(home, OWNER), realpathSync(dataDir));
      return { home, elsewhere: true };
    } catch {
      // Read-only or forbidden: the next one may do.
    }
  }
  throw new Error(
    `The embedded PostgreSQL has to run as the account "${account.name}" (it refuses root), which cannot reach ${dataDir}, ` +
      '/var/lib/simmer or /var/tmp/simmer. Set DATA_DIR to a folder that other accounts may pass through, such as /srv/simmer.',
  );
}

/** In a home outside the data folder: which data folder it belongs to. */
const OWNER = 'belongs-to';

/** Homes of throw-away data folders that are gone. Only those in the temporary folder: any other may just not be mounted. */
function sweepTemporary(base: string): void {
  for (const name of readdirSync(base)) {
    const home = join(base, name);
    const owner = existsSync(join(home, OWNER)) ? readFileSync(join(home, OWNER), 'utf8') : '';
    const isGone = owner.startsWith(realpathSync(tmpdir()) + sep) && !existsSync(owner);
    const isDown = !existsSync(join(home, 'cluster', 'postmaster.pid'));
    if (isGone && isDown) rmSync(home, { recursive: true, force: true });
  }
}

function made(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return folder;
}

/** Asks by doing it: the account's own shell steps into the folder. */
function canEnter(folder: string, account: NonNullable<Account>): boolean {
  const { uid, gid } = account;
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid, gid, cwd: '/' }).status === 0;
}

function idOf(flag: '-u' | '-g', name: string): number | null {
  const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
  const id = Number.parseInt(answer.stdout ?? '', 10);
  return answer.status === 0 && Number.isInteger(id) ? id : null;
}
