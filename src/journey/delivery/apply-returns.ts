import { textVersion } from '../../domain/audience/text-version.ts';
import { readProviderPost } from '../../domain/delivery/provider-posts/read-provider-post.ts';
import { readReturnPath } from '../../domain/delivery/return-path.ts';
import { pausesReader } from '../../domain/delivery/return-rules.ts';
import type { OriginalMail, ReturnFinding } from '../../domain/delivery/returned-mail/kinds.ts';
import { readReturnedMail } from '../../domain/delivery/returned-mail/read.ts';
import { readUnsubscribeAddress } from '../../domain/delivery/unsubscribe-address.ts';
import type { Programme } from '../../domain/programme.ts';
import { readToken } from '../../domain/tokens.ts';
import type { Database, Log, Stores } from '../ports.ts';
import type { KeptReturnedMail, ReturnOwner } from './return-ports.ts';

export interface ApplyReturnsDeps {
  database: Database;
  programme: Pick<Programme, 'returns' | 'consentVersion' | 'defaultLanguage'>;
  secrets: readonly string[];
  /** What return paths end in; null when mails go out under the brand's address. */
  returnPathDomain: string | null;
  log: Log;
}

const AT_ONCE = 100;

/**
 * Reads what came back and was kept, and does what follows: an address fault suppresses the reader with the evidence, a
 * complaint or request unsubscribes, repeated soft bounces pause; everything else is only noted. Each in a transaction of
 * its own, by one worker. Says how many were settled.
 */
export async function applyReturns(deps: ApplyReturnsDeps, now: Date): Promise<number> {
  let settled = 0;
  for (;;) {
    const ids = await deps.database.stores.returns.waiting(AT_ONCE);
    let isMoving = false;
    for (const id of ids) {
      const isSettled = await applyOne(deps, id, now);
      if (isSettled) settled += 1;
      isMoving ||= isSettled;
    }
    // What others hold, or what failed, has its turn at the next look.
    if (!isMoving) return settled;
  }
}

async function applyOne(deps: ApplyReturnsDeps, id: number, now: Date): Promise<boolean> {
  try {
    const leftOut = await deps.database.inTransaction(async (stores) => {
      const mail = await stores.returns.lock(id);
      if (!mail) return undefined;
      return apply(deps, stores, mail, now);
    });
    if (leftOut === undefined) return false;
    // After the status holds, and by itself: what a batch claims meanwhile it leaves out because of the status.
    if (leftOut)
      await deps.database.stores.subscribers.leaveOutOfPlanned(leftOut.subscriberId, leftOut.reason);
    return true;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    deps.log.error({ err: error, returnedMailId: id }, 'what came back could not be applied; it is kept');
    await deps.database.stores.returns.noteFailure(id, what.slice(0, 500));
    return false;
  }
}

interface Effect {
  status: 'applied' | 'ignored';
  effect: string;
  leaveOut?: { subscriberId: number; reason: string };
}

async function apply(deps: ApplyReturnsDeps, stores: Stores, mail: KeptReturnedMail, now: Date) {
  const { finding, names } = read(mail);
  const owner = await ownerOf(deps, stores, mail, finding, names);
  const about = owner ?? { subscriberId: null, deliveryId: null, issueId: null };
  if (owner?.subscriberId == null) {
    const effect = owner ? 'about a mail to staff' : 'nobody could be found whose mail this was';
    await stores.returns.settle(mail.id, { ...about, finding, status: 'ignored', effect, at: now });
    return null;
  }
  const reader = { ...owner, subscriberId: owner.subscriberId };
  // Settled first: a soft bounce is one of those that are counted.
  const settle = ({ status, effect }: Effect) =>
    stores.returns.settle(mail.id, { ...about, finding, status, effect, at: now });
  if (finding.kind === 'soft-bounce') {
    await settle({ status: 'applied', effect: 'counted' });
    await pauseIfRepeated(deps, stores, reader.subscriberId, now);
    return null;
  }
  const done = await follow(deps, stores, mail, finding, reader, now);
  await settle(done);
  return done.leaveOut ?? null;
}

function read(mail: KeptReturnedMail): { finding: ReturnFinding; names: OriginalMail } {
  if (mail.source !== 'smtp') {
    const event = readProviderPost(mail.source, mail.raw.toString('utf8'))[0];
    return event ?? { finding: NOTHING, names: { messageIds: [], returnPaths: [], unsubscribeTokens: [] } };
  }
  const { original, ...finding } = readReturnedMail(mail.raw, mail.returnPath);
  return { finding, names: original };
}

const NOTHING: ReturnFinding = {
  kind: 'not-a-bounce',
  reason: 'other',
  recipient: null,
  status: null,
  diagnostic: null,
  evidence: 'a post about something else',
};

/** By names that nobody else can make up; the address in a report proves nothing, except where the report is signed. */
async function ownerOf(
  { secrets, returnPathDomain }: ApplyReturnsDeps,
  stores: Stores,
  mail: KeptReturnedMail,
  finding: ReturnFinding,
  names: OriginalMail,
): Promise<ReturnOwner | null> {
  const { returns, subscribers } = stores;
  const paths = [...(mail.returnPath === null ? [] : [mail.returnPath]), ...names.returnPaths];
  for (const path of returnPathDomain === null ? [] : paths) {
    const subject = readReturnPath(secrets, path, returnPathDomain!);
    const owner =
      subject &&
      (await (subject.kind === 'delivery'
        ? returns.ownerOfDelivery(subject.id)
        : returns.ownerOfOutbox(subject.id)));
    if (owner) return owner;
  }
  for (const messageId of names.messageIds) {
    const deliveryId = Number(/^<issue\.(\d{1,15})\./.exec(messageId)?.[1] ?? 0);
    const owner = deliveryId > 0 ? await returns.ownerOfMessage(deliveryId, messageId) : null;
    if (owner) return owner;
  }
  const written = mail.returnPath === null ? null : readUnsubscribeAddress(mail.returnPath);
  for (const token of [...(written === null ? [] : [written]), ...names.unsubscribeTokens]) {
    const subject = readToken(secrets, token);
    if (subject?.kind === 'delivery') {
      const owner = await returns.ownerOfDelivery(subject.deliveryId);
      if (owner) return owner;
    } else if (subject) return { subscriberId: subject.subscriberId, deliveryId: null, issueId: null };
  }
  if (mail.source === 'smtp' || finding.recipient === null) return null;
  const subscriber = await subscribers.findByEmail(finding.recipient);
  return subscriber && { subscriberId: subscriber.id, deliveryId: null, issueId: null };
}

async function follow(
  deps: ApplyReturnsDeps,
  stores: Stores,
  mail: KeptReturnedMail,
  finding: ReturnFinding,
  owner: ReturnOwner & { subscriberId: number },
  now: Date,
): Promise<Effect> {
  switch (finding.kind) {
    case 'hard-bounce':
      return suppress(stores, mail, finding, owner, now);
    case 'complaint':
    case 'unsubscribe':
      return unsubscribe(deps, stores, mail, finding, owner, now);
    case 'sender-fault':
      return { status: 'applied', effect: 'counted as our own fault; the reader is left alone' };
    default:
      return { status: 'ignored', effect: 'nothing follows' };
  }
}

async function suppress(
  stores: Stores,
  mail: KeptReturnedMail,
  finding: ReturnFinding,
  { subscriberId, deliveryId }: ReturnOwner & { subscriberId: number },
  now: Date,
): Promise<Effect> {
  const reader = await stores.subscribers.lock(subscriberId);
  if (!reader) return { status: 'ignored', effect: 'the reader is gone' };
  const isNew = await stores.suppressions.add({
    email: reader.email,
    subscriberId,
    at: now,
    cause: 'bounce',
    why: `${finding.reason}: ${finding.diagnostic ?? finding.evidence}`,
    returnedMailId: mail.id,
    deliveryId,
    byWhom: null,
  });
  const isSuppressed = await stores.suppressions.suppressReader(reader.email);
  if (!isNew && !isSuppressed) return { status: 'applied', effect: 'the address was suppressed already' };
  return {
    status: 'applied',
    effect: 'the address is suppressed',
    leaveOut: { subscriberId, reason: 'the address cannot be reached' },
  };
}

async function unsubscribe(
  { programme }: ApplyReturnsDeps,
  stores: Stores,
  mail: KeptReturnedMail,
  finding: ReturnFinding,
  { subscriberId, deliveryId }: ReturnOwner & { subscriberId: number },
  now: Date,
): Promise<Effect> {
  const reader = await stores.subscribers.lock(subscriberId);
  if (!reader || !(await stores.subscribers.unsubscribe(subscriberId, now)))
    return { status: 'applied', effect: 'the reader was no longer subscribed' };
  const wish = mail.source === 'smtp' ? 'unsubscribe mail' : 'request to the mail provider';
  const how = finding.kind === 'complaint' ? 'complaint' : wish;
  await stores.consent.add({
    subscriberId,
    at: now,
    act: 'unsubscribed',
    how,
    textVersion: textVersion(programme.consentVersion, reader.language),
    ip: null,
    userAgent: null,
    details: deliveryId === null ? {} : { deliveryId },
  });
  const hit = { method: 'MAIL', ip: null, userAgent: null, purpose: null };
  await stores.ledger.record([{ kind: 'unsubscribe', at: now, subscriberId, deliveryId, hit }]);
  return {
    status: 'applied',
    effect: `unsubscribed by ${how}`,
    leaveOut: { subscriberId, reason: 'the reader unsubscribed' },
  };
}

async function pauseIfRepeated(
  { programme, log }: ApplyReturnsDeps,
  stores: Stores,
  subscriberId: number,
  now: Date,
): Promise<void> {
  const rules = programme.returns;
  const soft = await stores.returns.softInARow(subscriberId);
  if (!pausesReader(rules, soft)) return;
  const until = new Date(now.getTime() + rules.pauseReaderMs);
  const reason = `the last ${soft.count} mails came back`;
  if (await stores.suppressions.pauseReader(subscriberId, until, reason)) {
    log.info({ subscriberId, until, mails: soft.count }, 'a reader is paused: mails keep coming back');
  }
}
