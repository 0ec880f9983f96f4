import { StoreAway } from '../../domain/store-away.ts';
import { UnusableDatabase } from './unusable-database.ts';

interface Fault {
  code?: string;
  message?: string;
  syscall?: string;
  errors?: unknown[];
}

// 57P…: shutting down, crashed, starting up; 53300: too many connections; 08…: the connection broke.
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|EAI_AGAIN|ENOTFOUND|57P\d\d|53300|08\w{3})$/;
const AWAY_WORDS =
  /timeout expired|timeout exceeded when trying to connect|Connection terminated|connection error and is not queryable|Client was closed/i;

/** True for an error that says: the server is not there now, try again. */
export function isAway(error: unknown): boolean {
  if (error instanceof StoreAway) return true;
  const { code = '', message = '', syscall } = (error ?? {}) as Fault;
  // A socket in the file system that is not there.
  return AWAY.test(code) || AWAY_WORDS.test(message) || (code === 'ENOENT' && syscall === 'connect');
}

/** Whether it may be worth while to wait at a start. A host that nobody knows is rather mistyped. */
export function mayComeBack(error: unknown): boolean {
  return isAway(error) && (error as Fault).code !== 'ENOTFOUND';
}

/** Why the database cannot be used, and what to do: half a sentence behind "The database at … cannot be used:". */
export function faultInWords(error: unknown, url: string): string {
  if (error instanceof UnusableDatabase) return error.message;
  const { code = '', message = '', errors } = (error ?? {}) as Fault;
  const [own = ''] = (message || ((errors?.[0] as Fault | undefined)?.message ?? String(error))).split('\n');
  const { user, database, host } = partsOf(url);
  const said = (words: string) => `${words} (it says: ${own})`;
  if (code === 'ECONNREFUSED' || code === 'ENOENT')
    return `nothing answers there. Is the PostgreSQL server running, and are host and port in DATABASE_URL right? (${own})`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `nobody knows the host "${host}". Look at DATABASE_URL, and at the name service of this machine.`;
  if (/^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/.test(code) || /timeout expired/i.test(message))
    return 'it gives no answer. Look at host and port in DATABASE_URL, and whether a firewall lets this machine to it.';
  if (/Connection terminated|ECONNRESET/i.test(`${code} ${message}`))
    return said(
      'what answers there breaks off. Is it a PostgreSQL server, and does it take connections from here?',
    );
  if (
    code === '28P01' ||
    code === '28000' ||
    /password must be a (non-empty )?string|no password/i.test(message)
  )
    return said(`the server does not let the user "${user}" in. Look at user and password in DATABASE_URL`);
  if (code === '3D000')
    return `the server has no database "${database}". Make it (create database ${database}), or mend its name in DATABASE_URL.`;
  if (code === '42501') return said(`the user "${user}" may not do that in it`);
  if (code === '53300')
    return said('the server takes no more connections. Raise max_connections, or end some');
  if (code === '53100' || code === 'ENOSPC') return said('its disk is full. Make room there');
  if (code.startsWith('57P'))
    return said('the server is just starting, stopping or recovering. Try again in a moment');
  if (/SSL|certificate|self.signed/i.test(`${code} ${message}`))
    return said('the encrypted connection could not be made. Look at sslmode in DATABASE_URL');
  return own;
}

function partsOf(url: string): { user: string; database: string; host: string } {
  if (!URL.canParse(url)) return { user: '', database: '', host: '' };
  const { username, pathname, hostname } = new URL(url);
  return { user: decodeURIComponent(username), database: pathname.slice(1), host: hostname };
}
