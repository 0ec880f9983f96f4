import { createPublicKey, verify, X509Certificate } from 'node:crypto';

/** A message of Amazon SNS, as far as it is signed. */
export interface SnsMessage {
  Type: string;
  MessageId: string;
  TopicArn: string;
  Message: string;
  Timestamp: string;
  SignatureVersion: string;
  Signature: string;
  SigningCertURL: string;
  Subject?: string;
  Token?: string;
  SubscribeURL?: string;
}

/** A sentence of why a post is not from SNS, or the message. */
export function readSns(body: string): SnsMessage | null {
  try {
    const message = JSON.parse(body) as Record<string, unknown>;
    const needed = [
      'Type',
      'MessageId',
      'TopicArn',
      'Message',
      'Timestamp',
      'SignatureVersion',
      'Signature',
      'SigningCertURL',
    ];
    return needed.every((name) => typeof message[name] === 'string')
      ? (message as unknown as SnsMessage)
      : null;
  } catch {
    return null;
  }
}

/** Certificates and confirmations are fetched from Amazon and nowhere else, whatever the post says. */
export function isAmazonAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, port, username } = new URL(address);
  return (
    protocol === 'https:' &&
    port === '' &&
    username === '' &&
    /^sns\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/.test(hostname)
  );
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. `pem`: certificate or public key. */
export function isSignedBySns(message: SnsMessage, pem: string): boolean {
  const algorithm = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' }[message.SignatureVersion];
  if (algorithm === undefined) return false;
  try {
    const key = pem.includes('BEGIN CERTIFICATE') ? new X509Certificate(pem).publicKey : createPublicKey(pem);
    return verify(algorithm, Buffer.from(signedText(message)), key, Buffer.from(message.Signature, 'base64'));
  } catch {
    return false;
  }
}

function signedText(message: SnsMessage): string {
  const names =
    message.Type === 'Notification'
      ? (['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'] as const)
      : (['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'] as const);
  return names
    .filter((name) => message[name] !== undefined)
    .map((name) => `${name}\n${message[name]}\n`)
    .join('');
}
