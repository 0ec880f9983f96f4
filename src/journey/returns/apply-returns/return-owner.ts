import { readUnsubscribeAddress } from '../../../domain/mail/unsubscribe-address.ts';
import type { ReadReturn } from '../../../domain/returns/read-return.ts';
import { readReturnPath } from '../../../domain/returns/return-path.ts';
import { readToken } from '../../../domain/tokens.ts';
import type { Stores } from '../../ports.ts';
import type { KeptReturnedMail, ReturnOwner } from '../ports/returns.ts';

/** What our own names are verified with. */
export interface ReturnSecrets {
  secrets: readonly string[];
  /** What return paths end in; null when mails go out under the brand's address. */
  returnPathDomain: string | null;
}

/**
 * Whose mail came back: by names that nobody else can make up, the signed return path and the Message-ID that it went out
 * under. The address in a report proves nothing, except where the report is signed. The token of an unsubscribe link goes
 * with every mail that is passed on: it serves for what its link does, and never for a bounce.
 */
export async function ownerOf(
  own: ReturnSecrets,
  stores: Stores,
  mail: KeptReturnedMail,
  { finding, names }: ReadReturn,
): Promise<ReturnOwner | null> {
  const paths = [...(mail.returnPath === null ? [] : [mail.returnPath]), ...names.returnPaths];
  const owner = (await byReturnPath(own, stores, paths)) ?? (await byMessageId(stores, names.messageIds));
  if (owner) return owner;
  if (finding.kind === 'unsubscribe' || finding.kind === 'complaint') {
    const written = mail.returnPath === null ? null : readUnsubscribeAddress(mail.returnPath);
    const tokens = [...(written === null ? [] : [written]), ...names.unsubscribeTokens];
    const holder = await byToken(own, stores, tokens);
    if (holder) return holder;
  }
  if (mail.source === 'smtp' || finding.recipient === null) return null;
  const subscriber = await stores.subscribers.findByEmail(finding.recipient);
  return subscriber && { subscriberId: subscriber.id, deliveryId: null, issueId: null };
}

async function byReturnPath(
  { secrets, returnPathDomain }: ReturnSecrets,
  { returns }: Stores,
  paths: readonly string[],
): Promise<ReturnOwner | null> {
  if (returnPathDomain === null) return null;
  for (const path of paths) {
    const subject = readReturnPath(secrets, path, returnPathDomain);
    const owner =
      subject &&
      (await (subject.kind === 'delivery'
        ? returns.ownerOfDelivery(subject.id)
        : returns.ownerOfOutbox(subject.id)));
    if (owner) return owner;
  }
  return null;
}

async function byMessageId({ returns }: Stores, ids: readonly string[]): Promise<ReturnOwner | null> {
  for (const messageId of ids) {
    const deliveryId = Number(/^<issue\.(\d{1,15})\./.exec(messageId)?.[1] ?? 0);
    const owner = deliveryId > 0 ? await returns.ownerOfMessage(deliveryId, messageId) : null;
    if (owner) return owner;
  }
  return null;
}

async function byToken(
  { secrets }: ReturnSecrets,
  { returns }: Stores,
  tokens: readonly string[],
): Promise<ReturnOwner | null> {
  for (const token of tokens) {
    const subject = readToken(secrets, token);
    if (subject?.kind === 'delivery') {
      const owner = await returns.ownerOfDelivery(subject.deliveryId);
      if (owner) return owner;
    } else if (subject) return { subscriberId: subject.subscriberId, deliveryId: null, issueId: null };
  }
  return null;
}
