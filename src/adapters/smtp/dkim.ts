import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MailSigner } from '../../journey/delivery/wire-ports.ts';

export interface DkimKey {
  domain: string;
  selector: string;
  key: KeyObject;
}

/** Fields that a signature covers, every one that the mail has: what says whose it is, what it is, and how to stop it. */
const SIGNED = new Set([
  'from',
  'to',
  'cc',
  'subject',
  'date',
  'message-id',
  'in-reply-to',
  'references',
  'reply-to',
  'sender',
  'mime-version',
  'content-type',
  'content-transfer-encoding',
  'content-language',
  'list-id',
  'list-post',
  'list-help',
  'list-unsubscribe',
  'list-unsubscribe-post',
  'feedback-id',
  'auto-submitted',
]);

/** Named once more than they stand there, so that nobody can add another one on the way. */
const SEALED = ['from', 'subject'];

/** Reads one entry of DKIM_KEYS. Throws an Error that says what to do. */
export function readDkimKey(domain: string, selector: string, path: string): DkimKey {
  let key: KeyObject;
  try {
    key = createPrivateKey(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(
      `DKIM_KEYS: the key ${path} of ${domain} cannot be read (${(error as Error).message}); it must be a private key in PEM form, as "simmer dkim create" makes it`,
    );
  }
  const kind = key.asymmetricKeyType;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (kind !== 'ed25519' && (kind !== 'rsa' || bits < 1024))
    throw new Error(
      `DKIM_KEYS: the key ${path} of ${domain} is ${kind === 'rsa' ? `RSA with ${bits} bits` : kind}; allowed are RSA with 1024 bits or more (2048 is usual) and Ed25519`,
    );
  return { domain: domain.toLowerCase(), selector, key };
}

/**
 * Signs with every key of the From domain, or else of the nearest domain above it (RFC 6376, RFC 8463; relaxed/relaxed).
 * RSA is worked out on another thread: it takes a millisecond, in which this one writes the next mails.
 */
export function dkimSigner(keys: readonly DkimKey[], fromDomain: string): MailSigner | null {
  const domain = nearest(keys, fromDomain.toLowerCase());
  const own = keys.filter((key) => key.domain === domain);
  if (own.length === 0) return null;
  return {
    async sign(head, body, at, isRelaxed) {
      const hash = createHash('sha256')
        .update(isRelaxed ? body : relaxedBody(body))
        .digest('base64');
      const fields = fieldsOf(head);
      const names = fields.map(([name]) => name);
      const sealed = SEALED.filter((name) => names.includes(name));
      const canonical = fields.map(([name, value]) => `${name}:${relaxed(value)}\r\n`).join('');
      const signatures = await Promise.all(
        own.map(async ({ selector, key }) => {
          const algorithm = key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256';
          const field = [
            `DKIM-Signature: v=1; a=${algorithm}; c=relaxed/relaxed; d=${domain};`,
            ` s=${selector}; t=${Math.floor(at.getTime() / 1000)};`,
            ...listed([...names, ...sealed]),
            ` bh=${hash};`,
            ' b=',
          ].join('\r\n');
          const signed = `${canonical}dkim-signature:${relaxed(field.slice('DKIM-Signature:'.length))}`;
          const signature = await signatureOf(key, Buffer.from(signed, 'latin1'));
          return `${field}${(signature.match(/.{1,72}/g) ?? []).join('\r\n ')}\r\n`;
        }),
      );
      return signatures.join('');
    },
  };
}

function nearest(keys: readonly DkimKey[], fromDomain: string): string | undefined {
  return keys
    .map(({ domain }) => domain)
    .filter((domain) => fromDomain === domain || fromDomain.endsWith(`.${domain}`))
    .sort((a, b) => b.length - a.length)[0];
}

function signatureOf(key: KeyObject, signed: Buffer): Promise<string> | string {
  // RFC 8463: Ed25519 signs the SHA-256 hash, as rsa-sha256 does.
  if (key.asymmetricKeyType === 'ed25519')
    return sign(null, createHash('sha256').update(signed).digest(), key).toString('base64');
  return new Promise((resolve, reject) => {
    sign('sha256', signed, key, (error, signature) =>
      error ? reject(error) : resolve(signature.toString('base64')),
    );
  });
}

/** "h=from:to:…;" in lines of at most 76 characters; blanks around the colons do not count. */
function listed(names: readonly string[]): string[] {
  const lines: string[] = [];
  let line = ' h=';
  names.forEach((name, at) => {
    const part = at === names.length - 1 ? `${name};` : `${name}:`;
    if (line.length + part.length > 76) {
      lines.push(line);
      line = ' ';
    }
    line += part;
  });
  return [...lines, line];
}

/** The fields to be signed, in order: lower-case name and value as it stands, folded. Repeated ones are not ours. */
function fieldsOf(head: string): [string, string][] {
  return head
    .split(/\r\n(?![ \t])/)
    .map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, Math.max(colon, 0)).trim().toLowerCase(), line.slice(colon + 1)];
    })
    .filter(([name]) => SIGNED.has(name));
}

/** RFC 6376 3.4.2: unfolded, blanks brought down to one, none at the ends. */
function relaxed(value: string): string {
  return value
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
}

/** RFC 6376 3.4.4: the same for each line; no empty lines at the end; a line end after the last one. */
function relaxedBody(body: Uint8Array): Buffer {
  const text = Buffer.from(body)
    .toString('latin1')
    .replace(/[ \t]+(?=\r\n|$)/g, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/(?:\r\n)+$/, '');
  return Buffer.from(text === '' ? '' : `${text}\r\n`, 'latin1');
}
