import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { hideFromNowOn, redact } from '../domain/redact.ts';
import {
  PROVIDER_NAMES,
  PROVIDERS,
  type ProviderSettings,
} from '../domain/returns/provider-posts/read-provider-post.ts';
import { counted } from '../domain/text.ts';
import { fileFault } from './file-fault.ts';
import { nearMiss, type Problem } from './problem.ts';
import { CHANGE_KEY, weaknessOf } from './secret-strength.ts';
import { ENCODING, secretsIn, serverAddress } from './server-address.ts';
import { SetUpError } from './set-up-error.ts';

/** What the environment says, checked as a whole. Times, secrets and files are nobody's concern here. */
export interface Settings {
  /**
   * 'production' when NODE_ENV says so or DATABASE_URL is set: then everything that several machines have to agree
   * about must be given. Else 'embedded': what is missing is brought along.
   */
  mode: 'embedded' | 'production';
  port: number;
  host: string;
  /** Without a slash at its end. */
  publicUrl: string;
  /** Where Simmer's own processes reach the web pages; another than publicUrl only inside container networks. */
  internalUrl: string;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string | null;
  redisUrl: string | null;
  smtpUrl: string | null;
  /** The first signs, all verify. Empty only when embedded: the key then lives in the data folder. */
  secrets: string[];
  logLevel: LogLevel;
  /** As Fastify takes it: hops, addresses, or whether to believe X-Forwarded-For at all. */
  trustProxy: boolean | number | string[];
  programme: string | null;
  /** The keys that mails are signed with; the file of each is read at start. */
  dkimKeys: { domain: string; selector: string; path: string }[];
  /** Where bounces go, each mail with an address of its own there. Null: to the brand's From address. */
  returnPathDomain: string | null;
  /** Where a worker listens for what comes back, when there is a return path domain; null: it does not. */
  returnPort: number | null;
  returnHost: string;
  /** Files in PEM with which that listener offers STARTTLS; null: it does not. */
  returnTls: { cert: string; key: string } | null;
  /** How mail providers that post what came back prove to be who they are; null: not in use. */
  returnPosts: ProviderSettings;
  /** A worker has no web pages; with this it serves its health. */
  healthPort: number | null;
}

export type Role = 'web' | 'worker' | 'all';
export const ROLES: readonly Role[] = ['web', 'worker', 'all'];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Adds the .env file of the working directory, if there is one. What the environment has already, wins. From here on no
 * secret of either is shown by whatever says something.
 */
export function readEnvFile(): void {
  addEnvFile();
  hideFromNowOn(secretsIn(process.env));
}

function addEnvFile(): void {
  if (!existsSync('.env')) return;
  let text: string;
  try {
    text = readFileSync('.env', 'utf8');
  } catch (error) {
    throw new SetUpError(
      `The settings in ${resolve('.env')} cannot be read: ${fileFault(error)} Mend that, or start Simmer in another folder.`,
      { cause: error },
    );
  }
  for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
}

/** Reads all settings; every problem at once, by the setting's name. Secrets are never part of a problem. */
export function readSettings(
  environment: Environment,
  role: Role = 'all',
): { settings: Settings } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const given = (name: string) => environment[name]?.trim() || null;
  const read = <T>(
    name: string,
    fallback: T,
    allowed: string,
    parse: (text: string) => T | undefined,
    secret = false,
  ): T => {
    const text = given(name);
    if (text === null) return fallback;
    const value = parse(text);
    if (value !== undefined) return value;
    problems.push({
      path: name,
      found: secret ? `a text of ${counted(text.length, 'character')}` : redact(text),
      allowed,
    });
    return fallback;
  };
  const choice = <T extends string>(name: string, fallback: T, choices: readonly T[]): T => {
    const before = problems.length;
    const value = read(name, fallback, `one of: ${choices.join(', ')}`, (text) =>
      choices.find((one) => one === text),
    );
    const hint = nearMiss(given(name), choices);
    if (problems.length > before && hint) problems.at(-1)!.hint = hint;
    return value;
  };
  const server = (name: string, protocols: string[], example: string) => {
    const before = problems.length;
    const address = read(name, null, `an address such as ${example}`, (text) =>
      serverAddress(text, protocols),
    );
    if (problems.length > before && /[@%#]/.test(given(name) ?? '')) problems.at(-1)!.hint = ENCODING;
    return address;
  };

  /** Two files that are of no use alone. */
  const filePair = (certName: string, keyName: string) => {
    const [cert, key] = [given(certName), given(keyName)];
    if (cert !== null && key !== null) return { cert, key };
    if (cert !== null || key !== null) {
      problems.push({
        path: cert === null ? certName : keyName,
        found: 'nothing',
        allowed: `a file in PEM, as ${cert === null ? keyName : certName} is set`,
      });
    }
    return null;
  };

  const signingKeys = (): string[] => {
    const keys = read('SECRET_KEY', [] as string[], SECRET_FORM, secretKeys, true);
    const weakness = keys[0] === undefined ? null : weaknessOf(keys[0]);
    if (weakness !== null)
      problems.push({ path: 'SECRET_KEY', found: weakness, allowed: SECRET_FORM, hint: CHANGE_KEY });
    return keys;
  };

  const environmentName = choice('NODE_ENV', 'development', ['development', 'production', 'test']);
  const mode = environmentName === 'production' || given('DATABASE_URL') ? 'production' : 'embedded';
  const port = read('PORT', 3000, 'a port number from 0 to 65535 (0: any free one)', portNumber);
  const publicUrl = read('PUBLIC_URL', `http://localhost:${port}`, PUBLIC_URL_FORM, publicAddress);
  const settings: Settings = {
    mode,
    port,
    host: given('HOST') ?? (mode === 'embedded' ? 'localhost' : '0.0.0.0'),
    publicUrl,
    internalUrl: read('INTERNAL_URL', publicUrl, INTERNAL_URL_FORM, publicAddress),
    dataDir: resolve(given('DATA_DIR') ?? 'data'),
    databaseUrl: server(
      'DATABASE_URL',
      ['postgres:', 'postgresql:'],
      'postgres://user:password@host:5432/simmer',
    ),
    redisUrl: server('REDIS_URL', ['redis:', 'rediss:'], 'redis://host:6379'),
    smtpUrl: server('SMTP_URL', ['smtp:', 'smtps:'], 'smtp://user:password@host:587'),
    secrets: signingKeys(),
    logLevel: choice('LOG_LEVEL', 'info', LOG_LEVELS),
    trustProxy: read(
      'TRUST_PROXY',
      false,
      'true, false, a number of proxies, or their addresses with commas between',
      trust,
    ),
    programme: given('PROGRAMME'),
    dkimKeys: read('DKIM_KEYS', [], DKIM_FORM, dkimKeys),
    returnPathDomain: read<string | null>(
      'RETURN_PATH_DOMAIN',
      null,
      'a domain of its own for bounces, such as bounces.example.com',
      domainName,
    ),
    returnPort: read<number | null>('RETURN_PORT', null, 'a port number from 0 to 65535', portNumber),
    returnTls: filePair('RETURN_TLS_CERT', 'RETURN_TLS_KEY'),
    returnHost: given('RETURN_HOST') ?? (mode === 'embedded' ? 'localhost' : '0.0.0.0'),
    returnPosts: Object.fromEntries(
      PROVIDER_NAMES.map((provider) => {
        const { name, form, allowed, isHidden } = PROVIDERS[provider].setting;
        const parse = (text: string) => (form.test(text) ? text : undefined);
        return [provider, read<string | null>(name, null, allowed, parse, isHidden)];
      }),
    ) as ProviderSettings,
    healthPort: read<number | null>('HEALTH_PORT', null, 'a port number from 0 to 65535', portNumber),
  };
  if (mode === 'production') problems.push(...missing(given, role));
  return problems.length > 0 ? { problems } : { settings };
}

const PUBLIC_URL_FORM =
  'the address that readers reach Simmer under, such as https://news.example.com, without a path';
const INTERNAL_URL_FORM =
  'the address that workers reach the web pages under, such as http://web:3000, without a path';
const SECRET_FORM =
  'one or more keys with commas between, each of 16 characters or more, and the first one that nobody guesses; make one with: openssl rand -hex 32';

const DKIM_FORM =
  'DOMAIN:SELECTOR:PATH of each private key with commas between, such as example.com:simmer1:/etc/simmer/dkim.pem';

function missing(given: (name: string) => string | null, role: Role): Problem[] {
  const needed: [string, string][] = [
    ['PUBLIC_URL', PUBLIC_URL_FORM],
    ['DATABASE_URL', 'the PostgreSQL server, such as postgres://user:password@host:5432/simmer'],
    ['SMTP_URL', 'the mail server, such as smtp://user:password@host:587'],
    ['SECRET_KEY', SECRET_FORM],
  ];
  if (role !== 'all') {
    needed.push([
      'REDIS_URL',
      `the Redis server that hands jobs from web to workers; only --role all runs without it`,
    ]);
  }
  const why = given('DATABASE_URL')
    ? 'nothing, and DATABASE_URL is set'
    : 'nothing, and NODE_ENV is production';
  return needed
    .filter(([name]) => given(name) === null)
    .map(([path, allowed]) => ({ path, found: why, allowed }));
}

function portNumber(text: string): number | undefined {
  const port = Number(text);
  return /^\d+$/.test(text) && port <= 65_535 ? port : undefined;
}

/** What readDkimKey of adapters/smtp/dkim.ts takes. */
function dkimKeys(text: string): Settings['dkimKeys'] | undefined {
  const keys = text.split(',').map((entry) => {
    const [domain = '', selector = '', ...path] = entry.trim().split(':');
    return { domain: domain.toLowerCase(), selector, path: path.join(':') };
  });
  const isWhole = keys.every(
    ({ domain, selector, path }) =>
      domainName(domain) !== undefined && /^[A-Za-z0-9_.-]{1,63}$/.test(selector) && path !== '',
  );
  return isWhole ? keys : undefined;
}

function domainName(text: string): string | undefined {
  return /^(?=.{4,190}$)([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/i.test(text) ? text.toLowerCase() : undefined;
}

function publicAddress(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.pathname === '/' && !url.search && !url.hash && !url.username ? url.origin : undefined;
}

function secretKeys(text: string): string[] | undefined {
  const keys = text.split(',').map((key) => key.trim());
  return keys.every((key) => key.length >= 16) ? keys : undefined;
}

function trust(text: string): boolean | number | string[] | undefined {
  if (text === 'true' || text === 'false') return text === 'true';
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const addresses = text.split(',').map((address) => address.trim());
  return addresses.every((address) =>
    /^([0-9a-f.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/i.test(address),
  )
    ? addresses
    : undefined;
}
