import { PROVIDER_NAMES, PROVIDERS } from '../domain/returns/provider-posts/read-provider-post.ts';
/** What to write instead, without saying what was found. */
export const ENCODING =
  'in user and password write @ as %40, : as %3A, / as %2F, # as %23, ? as %3F, % as %25 and a space as %20';

/**
 * The address of a server as every part of Simmer reads it alike; undefined when it is none, or can be read in two ways. An @
 * or a space in user or password is encoded; what ends them early (/ # ?) or is no encoding (a bare %) cannot be guessed.
 */
export function serverAddress(text: string, protocols: readonly string[]): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hash, search, pathname, username, password, href } = new URL(text);
  if (!protocols.includes(protocol) || text.includes('#') || hash !== '') return undefined;
  if (/%(?![\da-f]{2})/i.test(username + password + pathname + search) || !isDecodable(username + password))
    return undefined;
  if (pathname.includes('@') || (pathname === '' && search.includes('@'))) return undefined;
  // "user:12?ab@host": an option has a name and a value.
  const options = search.slice(1).split('&');
  return search === '' || options.every((option) => option.includes('=') && !/^[^=]*@/.test(option))
    ? href
    : undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

const ADDRESSES = ['DATABASE_URL', 'REDIS_URL', 'SMTP_URL'];
/** Settings that are secrets as a whole; of a list, each. */
const SECRETS = ['SECRET_KEY', 'PGPASSWORD'];

/** Every secret that the environment holds, as it is written there. */
export function secretsIn(environment: Environment): string[] {
  const of = (names: readonly string[]) => names.flatMap((name) => environment[name]?.trim() || []);
  return [
    ...of(ADDRESSES).flatMap(passwordsIn),
    ...of(SECRETS).flatMap((text) => text.split(',').map((one) => one.trim())),
    ...PROVIDER_NAMES.map((one) => PROVIDERS[one]).flatMap(({ setting, secretIn }) =>
      of([setting.name]).map(secretIn),
    ),
  ].filter(isTelling);
}

/** By the spelling alone, as an address that cannot be read has a password too. */
function passwordsIn(text: string): string[] {
  const begin = text.indexOf('://') + 3;
  const at = text.lastIndexOf('@');
  const userInfo = begin > 2 && at > begin ? text.slice(begin, at) : '';
  const rest = text.slice(at + 1);
  const password = userInfo.slice(userInfo.indexOf(':') + 1);
  const words = new Set([userInfo.slice(0, userInfo.indexOf(':')), ...rest.split(/[^\w-]+/)]);
  const options = URL.canParse(text) ? [...new URL(text).searchParams] : [];
  return [
    ...(userInfo.includes(':') && !words.has(password) ? [password] : []),
    ...options.filter(([name]) => /pass/i.test(name)).map(([, value]) => value),
  ];
}

/** A password that is a plain word or a small number turns up in sentences where it gives nothing away. */
const isTelling = (secret: string): boolean => !/^(?:[a-z]{1,11}|\d{1,9})$/.test(secret);
