import { textVersion } from '../../domain/audience/text-version.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Reason } from '../../domain/reason.ts';
import { pausesReader } from '../../domain/returns/bounce-rules.ts';
import { aboutNothing, type ReadReturn, readReturn } from '../../domain/returns/read-return.ts';
import type { ReturnFinding } from '../../domain/returns/returned-mail/kinds.ts';
import { cut } from '../../domain/text.ts';
import type { Database, Log, Stores } from '../ports.ts';
import { ownerOf } from './apply-returns/return-owner.ts';
import type { KeptReturnedMail, ReturnOwner, ReturnReader } from './ports/returns.ts';

export interface ApplyReturnsDeps {
  database: Database;
  programme: Pick<Programme, 'returns' | 'consentVersion' | 'defaultLanguage'>;
  secrets: readonly string[];
  /** What return paths end in; null when mails go out under the brand's address. */
  returnPathDomain: string | null;
  /** Where it is read: a thread of its own in a running program. Left out: here. */
  readReturn?: ReturnReader;
  log: Log;
}

const AT_ONCE = 100;
/** What was nobody's says nothing about anybody: it is there for who looks why. */
const NOBODYS_FOR_MS = 30 * 86_400_000;

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

/** Drops what was nobody's, and what could not be applied for so long. */
export async function forgetReturns(
  { database }: Pick<ApplyReturnsDeps, 'database'>,
  now: Date,
): Promise<void> {
  await database.stores.returns.forget(new Date(now.getTime() - NOBODYS_FOR_MS));
}

async function applyOne(deps: ApplyReturnsDeps, id: number, now: Date): Promise<boolean> {
  const { returns, subscribers } = deps.database.stores;
  try {
    const mail = await returns.load(id);
    if (!mail) return false;
    // Before anything is held: it may take seconds.
    const read = await readIt(deps, mail);
    const leftOut = await deps.database.inTransaction(async (stores) =>
      (await stores.returns.lock(id)) ? apply(deps, stores, mail, read, now) : undefined,
    );
    if (leftOut === undefined) return false;
    // After the status holds, and by itself: what a batch claims meanwhile it leaves out because of the status.
    if (leftOut) await subscribers.leaveOutOfPlanned(leftOut.subscriberId, leftOut.reason);
    return true;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    deps.log.error({ err: error, returnedMailId: id }, 'what came back could not be applied; it is kept');
    await returns.noteFailure(id, cut(what, 500));
    return false;
  }
}

/** What cannot be read within its limits would not be read the next time either: nothing follows from it. */
async function readIt(
  { readReturn: read, log }: ApplyReturnsDeps,
  mail: KeptReturnedMail,
): Promise<ReadReturn> {
  const { source, returnPath, raw } = mail;
  try {
    return await (read ?? readHere)({ source, returnPath, raw });
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    log.warn({ returnedMailId: mail.id, error: error.message }, 'what came back cannot be read');
    return aboutNothing(`it cannot be read: ${error.message}`);
  }
}

const readHere: ReturnReader = async (bytes) => readReturn(bytes);

function isUnreadable(error: unknown): error is Error & { isUnreadable: true } {
  return error instanceof Error && 'isUnreadable' in error && error.isUnreadable === true;
}

interface Effect {
  status: 'applied' | 'ignored';
  effect: Reason;
  leaveOut?: { subscriberId: number; reason: Reason };
}

async function apply(
  deps: ApplyReturnsDeps,
  stores: Stores,
  mail: KeptReturnedMail,
  read: ReadReturn,
  now: Date,
) {
  const { finding } = read;
  const owner = await ownerOf(deps, stores, mail, read);
  const about = owner ?? { subscriberId: null, deliveryId: null, issueId: null };
  if (owner?.subscriberId == null) {
    const effect = owner ? ({ code: 'return.to-staff' } as const) : ({ code: 'return.nobody' } as const);
    await stores.returns.settle(mail.id, { ...about, finding, status: 'ignored', effect, at: now });
    return null;
  }
  const reader = { ...owner, subscriberId: owner.subscriberId };
  // Settled first: a soft bounce is one of those that are counted.
  const settle = ({ status, effect }: Effect) =>
    stores.returns.settle(mail.id, { ...about, finding, status, effect, at: now });
  if (finding.kind === 'soft-bounce') {
    await settle({ status: 'applied', effect: { code: 'return.counted' } });
    await pauseIfRepeated(deps, stores, reader.subscriberId, now);
    return null;
  }
  const done = await follow(deps, stores, mail, finding, reader, now);
  await settle(done);
  return done.leaveOut ?? null;
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
      return { status: 'applied', effect: { code: 'return.our-fault' } };
    default:
      return { status: 'ignored', effect: { code: 'return.nothing' } };
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
  if (!reader) return { status: 'ignored', effect: { code: 'return.reader-gone' } };
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
  if (!isNew && !isSuppressed) return { status: 'applied', effect: { code: 'return.suppressed-already' } };
  return {
    status: 'applied',
    effect: { code: 'return.suppressed' },
    leaveOut: { subscriberId, reason: { code: 'skip.unreachable' } },
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
    return { status: 'applied', effect: { code: 'return.unsubscribed-already' } };
  const wish = mail.source === 'smtp' ? 'consent.unsubscribe-mail' : 'consent.mail-provider';
  const how: Reason = { code: finding.kind === 'complaint' ? 'consent.complaint' : wish };
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
    effect: { code: 'return.unsubscribed', values: { how } },
    leaveOut: { subscriberId, reason: { code: 'skip.unsubscribed' } },
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
  const reason: Reason = { code: 'pause.mails-came-back', values: { n: soft.count } };
  if (await stores.suppressions.pauseReader(subscriberId, until, reason)) {
    log.info({ subscriberId, until, mails: soft.count }, 'a reader is paused: mails keep coming back');
  }
}
