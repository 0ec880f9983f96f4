import { createPrivateKey, hash, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { MailSigner } from '../../journey/delivery/ports/wire.ts';

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

/** Mails of a kind have the same fields; more kinds than this are not remembered. */
const MOST_LISTS = 100;

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

/** What the signatures of a mail have in common. */
interface MailToSign {
  /** The names of the signed fields with colons between them, in order. */
  names: string;
  /** Those fields in relaxed form, each with its line end. */
  canonical: string;
  bodyHash: string;
  /** Seconds since 1970. */
  time: number;
}

/**
 * Signs with every key of the From domain, or else of the nearest domain above it (RFC 6376, RFC 8463; relaxed/relaxed).
 * Ed25519 is worked out at once: handing it to another thread costs as much as the signature. RSA takes six times as
 * long; another thread does it, and this one writes the next mails.
 */
export function dkimSigner(keys: readonly DkimKey[], fromDomain: string): MailSigner | null {
  const domain = nearest(keys, fromDomain.toLowerCase());
  const own = keys.filter((key) => key.domain === domain).map(fieldSigner);
  if (own.length === 0) return null;
  return {
    sign(head, body, at, isRelaxed) {
      const mail: MailToSign = {
        ...canonicalFields(head),
        bodyHash: hash('sha256', isRelaxed ? body : relaxedBody(body), 'base64'),
        time: Math.floor(at.getTime() / 1000),
      };
      const fields = own.map((signField) => signField(mail));
      return fields.every((field) => typeof field === 'string')
        ? fields.join('')
        : Promise.all(fields).then((all) => all.join(''));
    },
  };
}

/** Makes DKIM-Signature fields with one key, each with its line end. */
function fieldSigner({ domain, selector, key }: DkimKey): (mail: MailToSign) => string | Promise<string> {
  const isRsa = key.asymmetricKeyType === 'rsa';
  const start = `v=1; a=${isRsa ? 'rsa' : 'ed25519'}-sha256; c=relaxed/relaxed; d=${domain};`;
  /** "h=…" as it is written and in relaxed form, by the names in it: mails have them alike. */
  const lists = new Map<string, { written: string; relaxed: string }>();
  const listOf = (names: string) => {
    const known = lists.get(names);
    if (known) return known;
    const lines = listed(names.split(':'));
    const list = { written: lines.join('\r\n'), relaxed: lines.join('') };
    if (lists.size < MOST_LISTS) lists.set(names, list);
    return list;
  };
  return ({ names, canonical, bodyHash, time }) => {
    const list = listOf(names);
    const signed = `${canonical}dkim-signature:${start} s=${selector}; t=${time};${list.relaxed} bh=${bodyHash}; b=`;
    const field = `DKIM-Signature: ${start}\r\n s=${selector}; t=${time};\r\n${list.written}\r\n bh=${bodyHash};\r\n b=`;
    const bytes = Buffer.from(signed, 'latin1');
    // RFC 8463: Ed25519 signs the SHA-256 hash, as rsa-sha256 does.
    if (!isRsa) return field + folded(sign(null, hash('sha256', bytes, 'buffer'), key));
    return new Promise((resolve, reject) => {
      sign('sha256', bytes, key, (error, signature) =>
        error ? reject(error) : resolve(field + folded(signature)),
      );
    });
  };
}

function nearest(keys: readonly DkimKey[], fromDomain: string): string | undefined {
  return keys
    .map(({ domain }) => domain)
    .filter((domain) => fromDomain === domain || fromDomain.endsWith(`.${domain}`))
    .sort((a, b) => b.length - a.length)[0];
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

/** In base64, in lines of 72 characters, with its line end. */
function folded(signature: Buffer): string {
  const text = signature.toString('base64');
  let lines = text.slice(0, 72);
  for (let at = 72; at < text.length; at += 72) lines += `\r\n ${text.slice(at, at + 72)}`;
  return `${lines}\r\n`;
}

/** The fields to be signed, in order, those that are sealed named once more. Repeated ones are not ours. */
function canonicalFields(head: string): { names: string; canonical: string } {
  let canonical = '';
  const names: string[] = [];
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = Math.max(line.indexOf(':'), 0);
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!SIGNED.has(name)) continue;
    names.push(name);
    canonical += `${name}:${relaxed(line.slice(colon + 1))}\r\n`;
  }
  for (const name of SEALED) if (names.includes(name)) names.push(name);
  return { names: names.join(':'), canonical };
}

/** RFC 6376 3.4.2, for a value that is unfolded: blanks brought down to one, none at the ends. */
function relaxed(value: string): string {
  const even = /[ \t]{2}|\t/.test(value) ? value.replace(/[ \t]+/g, ' ') : value;
  return even.slice(even.startsWith(' ') ? 1 : 0, even.endsWith(' ') ? -1 : undefined);
}

/** RFC 6376 3.4.4: the same for each line; no empty lines at the end; a line end after the last one. */
function relaxedBody(body: Uint8Array): Buffer {
  const even = Buffer.from(body)
    .toString('latin1')
    .replace(/[ \t]+/g, ' ')
    .replace(/ (?=\r\n|$)/g, '');
  let end = even.length;
  while (even.endsWith('\r\n', end)) end -= 2;
  const text = even.slice(0, end);
  return Buffer.from(text === '' ? '' : `${text}\r\n`, 'latin1');
}
