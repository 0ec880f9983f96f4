import { createPublicKey, type KeyObject } from 'node:crypto';

/** The name a DKIM key is published under. */
export function dkimName(domain: string, selector: string): string {
  return `${selector}._domainkey.${domain}`;
}

/** The TXT record for a key, private or public: RFC 6376 3.6.1, for Ed25519 RFC 8463. */
export function dkimRecord(key: KeyObject): string {
  const shared = key.type === 'private' ? createPublicKey(key) : key;
  if (shared.asymmetricKeyType === 'ed25519') {
    // RFC 8463 publishes the bare 32 bytes, which are the last ones of the usual form.
    const bare = shared.export({ type: 'spki', format: 'der' }).subarray(-32);
    return `v=DKIM1; k=ed25519; p=${bare.toString('base64')}`;
  }
  if (shared.asymmetricKeyType !== 'rsa')
    throw new Error(`DKIM knows RSA and Ed25519 keys, this one is ${shared.asymmetricKeyType}`);
  return `v=DKIM1; k=rsa; p=${shared.export({ type: 'spki', format: 'der' }).toString('base64')}`;
}

/** A record as a zone file takes it: quoted strings of at most 255 characters. */
export function zoneText(record: string): string {
  return (record.match(/.{1,255}/g) ?? []).map((part) => `"${part}"`).join(' ');
}
