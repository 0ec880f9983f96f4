import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import type { VerifyPost } from './provider-post.ts';

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

/**
 * Where Amazon keeps the certificates of SNS, in one spelling and no other: the host also answers with what it is asked, so
 * that a longer address could make it say anything.
 */
export function isCertificateAddress(address: string): boolean {
  return /^https:\/\/sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?\/SimpleNotificationService-[0-9a-f]{1,64}\.pem$/.test(
    address,
  );
}

/** Where a subscription is confirmed: nothing else is asked of Amazon, whatever the post says. */
export function isConfirmationAddress(address: string): boolean {
  if (!/^https:\/\/sns\.[a-z0-9-]{1,40}\.amazonaws\.com(?:\.cn)?\/\?/.test(address) || !URL.canParse(address))
    return false;
  return new URL(address).searchParams.get('Action') === 'ConfirmSubscription';
}

/** A body that is one block of PEM and nothing besides: OpenSSL finds one in any text. */
const ONE_BLOCK =
  /^\s{0,20}-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[A-Za-z0-9+/=\s]{1,20000}-----END \1-----\s{0,20}$/;

/** https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html. `pem`: certificate or public key. */
export function isSignedBySns(message: SnsMessage, pem: string): boolean {
  const algorithm = { 1: 'RSA-SHA1', 2: 'RSA-SHA256' }[message.SignatureVersion];
  const kind = ONE_BLOCK.exec(pem)?.[1];
  if (algorithm === undefined || kind === undefined) return false;
  try {
    const key = kind === 'CERTIFICATE' ? new X509Certificate(pem).publicKey : createPublicKey(pem);
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

/** By way of SNS, whose subscription is confirmed where it asks for that. */
export const verifySes: VerifyPost = async ({ body, setting, fetchOnce, fetchText, log }) => {
  const message = readSns(body.toString('utf8'));
  if (!message || message.TopicArn !== setting || !isCertificateAddress(message.SigningCertURL)) return null;
  if (!isSignedBySns(message, await fetchOnce(message.SigningCertURL))) return null;
  if (message.Type === 'Notification') return { posts: [message.Message] };
  if (message.Type !== 'SubscriptionConfirmation') return { posts: [] };
  const address = message.SubscribeURL;
  if (address === undefined || !isConfirmationAddress(address)) return null;
  await fetchText(address);
  log({ topic: message.TopicArn }, 'SNS posts bounces and complaints from now on');
  return { posts: [] };
};
