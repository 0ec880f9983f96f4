import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from 'node:crypto';

/**
 * Everything that is signed or hashed with the secret of an installation. Each has a key of its own (HKDF, RFC 5869), so that
 * what was made for one is worth nothing at another, whatever the two look like. The names are part of every link in every
 * mail: never change one.
 */
const USES = {
  /** Tokens in the links of mails, and in the addresses that unsubscribe by mail. */
  link: 'simmer/link/v1',
  /** The envelope sender of each mail. */
  returnPath: 'simmer/return-path/v1',
  messageId: 'simmer/message-id/v1',
  /** Whose browser it is, for the company's own site. */
  site: 'simmer/site/v1',
  /** Networks that are kept hashed. */
  network: 'simmer/network/v1',
} as const;

export type KeyUse = keyof typeof USES;

const KEY_BYTES = 32;
/** By use and secret. A derivation costs as much as ten MACs, and every click asks for one. */
const derived = new Map<KeyUse, Map<string, KeyObject>>();
/** An installation has one secret, or a few; tests have many. */
const MOST_KEPT = 50;

function keyFor(use: KeyUse, secret: string): KeyObject {
  let keys = derived.get(use);
  if (keys === undefined || keys.size > MOST_KEPT) {
    keys = new Map();
    derived.set(use, keys);
  }
  let key = keys.get(secret);
  if (key === undefined) {
    key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', USES[use], KEY_BYTES)));
    keys.set(secret, key);
  }
  return key;
}

/** The first `bytes` of a MAC over `said` that is good for this use alone. */
export function macFor(use: KeyUse, secret: string, said: string | Buffer, bytes: number): Buffer {
  return createHmac('sha256', keyFor(use, secret)).update(said).digest().subarray(0, bytes);
}

/** The same by the first secret, which is the one that makes what is new. */
export function newMac(
  use: KeyUse,
  secrets: readonly string[],
  said: string | Buffer,
  bytes: number,
): Buffer {
  const secret = secrets[0];
  if (secret === undefined) throw new Error(`there is no secret for ${USES[use]}`);
  return macFor(use, secret, said, bytes);
}

/**
 * Whether one of the secrets made this MAC for this use. With `former`, also as it was made before each use had a key: by the
 * secret itself, over the text it gives. Mails that were sent so keep their links for ever; nothing new is made so.
 */
export function isMacOf(
  use: KeyUse,
  secrets: readonly string[],
  said: string | Buffer,
  given: Buffer,
  former?: () => string | Buffer,
): boolean {
  if (secrets.some((secret) => timingSafeEqual(macFor(use, secret, said, given.length), given))) return true;
  if (former === undefined) return false;
  const before = former();
  return secrets.some((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(before).digest().subarray(0, given.length), given),
  );
}
