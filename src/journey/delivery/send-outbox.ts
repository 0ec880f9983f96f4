import { retryAt, retryUnreachableAt } from '../../domain/delivery/retry.ts';
import { oneOffHeaders } from '../../domain/mail/headers.ts';
import { type MailData, mayComeTwice, type OneOffKind } from '../../domain/mail/mails.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Reason } from '../../domain/reason.ts';
import type { Log } from '../ports.ts';
import { writeUntilWritten } from './deliver/retry-write.ts';
import type { MailRenderer, MailSender, SendResult } from './ports/deliveries.ts';
import type { OutboxFate, OutboxMail, OutboxStore } from './ports/outbox.ts';

/** Until a mail is handed over its sender may be replaced: nothing has arrived, and who comes late is kept from it. */
export const OUTBOX_LEASE_MS = 2 * 60_000;
/** From then on longer than a mail can take: the server's silence included. */
const HANDED_OVER_LEASE_MS = 30 * 60_000;

export interface SendOutboxDeps {
  outbox: Pick<OutboxStore, 'claimDue' | 'markHandedOver' | 'settle'>;
  mails: MailRenderer;
  sender: MailSender;
  programme: Programme;
  /**
   * Asked about each mail to sales right before it is sent: the lead may have cooled down, or sales may have acted, while
   * the mail waited. Gives the mail as it reads now; null for a kind that is sent as it was written.
   */
  recheckMail: (mail: OutboxMail, now: Date) => Promise<RecheckedMail | null>;
  /** 0 to 1, for the pauses before further tries. */
  random: () => number;
  log: Log;
  /** Names this process in the rows that it holds. */
  worker?: string;
  /** Gives what tells whether this worker has been taken for alive ever since; left out, it is believed to be. */
  hold?: () => () => boolean;
  /** Mails that are in this process's hands, for who looks after what was lost. */
  inHand?: Set<number>;
  /** Aborted for a graceful stop: what is on the wire is finished, nothing more is taken. */
  signal?: AbortSignal;
}

export type RecheckedMail = { send: true; data: MailData[OneOffKind] } | { send: false; reason: Reason };

export type OutboxReport = Record<OutboxFate['status'], number>;

/**
 * Sends the one-off mails that are due, at most one per connection at a time, so that none waits in line while its
 * lease runs. Returns what became of them; `retry` ones come due again by themselves.
 */
export async function sendOutbox(deps: SendOutboxDeps, clock: () => Date): Promise<OutboxReport> {
  const report: OutboxReport = { sent: 0, retry: 0, failed: 0, uncertain: 0, dropped: 0 };
  const settle = writeUntilWritten(
    ({ mail, fate }: { mail: OutboxMail; fate: OutboxFate }) => deps.outbox.settle(mail, fate),
    { what: 'what became of a one-off mail', log: deps.log, signal: deps.signal },
  );
  while (!deps.signal?.aborted) {
    const mails = await deps.outbox.claimDue(clock(), OUTBOX_LEASE_MS, deps.sender.connections, deps.worker);
    for (const { id } of mails) deps.inHand?.add(id);
    const ends = await Promise.allSettled(
      mails.map(async (mail) => {
        const fate = await sendOne(deps, mail, clock);
        await settle({ mail, fate });
        report[fate.status] += 1;
        if (fate.status === 'failed' || fate.status === 'uncertain')
          deps.log.warn({ outboxId: mail.id, kind: mail.kind, reason: fate.reason }, `mail ${fate.status}`);
      }),
    );
    for (const { id } of mails) deps.inHand?.delete(id);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (mails.length < deps.sender.connections) break;
  }
  return report;
}

async function sendOne(deps: SendOutboxDeps, mail: OutboxMail, clock: () => Date): Promise<OutboxFate> {
  const { programme, mails, sender, outbox } = deps;
  const answer = await deps.recheckMail(mail, clock()).catch((error: Error) => error);
  // Nothing was sent: it must not end as "uncertain" because a question could not be answered.
  if (answer instanceof Error)
    return notTried(mail, { code: 'fail.unchecked', values: { error: answer.message } }, clock(), deps);
  if (answer && !answer.send) return { status: 'dropped', reason: answer.reason };
  const data = (answer?.data ?? mail.data) as MailData[OneOffKind];
  const language = programme.languages.includes(mail.language) ? mail.language : programme.defaultLanguage;
  let rendered: ReturnType<MailRenderer['render']>;
  try {
    rendered = mails.render(mail.kind, language, data);
  } catch (error) {
    return {
      status: 'failed',
      reason: { code: 'fail.unwritable', values: { error: (error as Error).message } },
    };
  }
  const outgoing = {
    ...rendered,
    to: { name: null, address: mail.to },
    messageId: mail.messageId,
    headers: oneOffHeaders(programme, mail.kind, language),
    language,
  };
  const result = await sender.send(outgoing, async () => {
    const now = clock();
    const mayGo = deps.hold?.();
    const isOurs = await outbox.markHandedOver(mail, now, new Date(now.getTime() + HANDED_OVER_LEASE_MS));
    if (!isOurs) throw new Error('another worker has taken this mail');
    if (mayGo?.() === false) throw new Error('this process was stopped for too long to hold this mail');
  });
  return fateOf(mail, result, clock(), deps);
}

function fateOf(mail: OutboxMail, result: SendResult, now: Date, deps: SendOutboxDeps): OutboxFate {
  switch (result.status) {
    case 'sent':
      return { status: 'sent', at: now };
    case 'failed':
      return { status: 'failed', reason: { code: 'fail.refused', values: { reply: result.reply } } };
    case 'uncertain':
      return mayComeTwice(mail.kind)
        ? tryAgain(mail, { code: 'fail.perhaps-sent', values: { reply: result.reply } }, now, deps)
        : {
            status: 'uncertain',
            reason: { code: 'fail.broke-off', values: { reply: result.reply } },
          };
    case 'retry':
      return result.unreachable
        ? notTried(mail, { code: 'fail.refused', values: { reply: result.reply } }, now, deps)
        : tryAgain(mail, { code: 'fail.refused', values: { reply: result.reply } }, now, deps);
  }
}

/** `attempts` counts the try that just ended. */
function tryAgain(mail: OutboxMail, reason: Reason, now: Date, deps: SendOutboxDeps): OutboxFate {
  const { attempts } = mail;
  const dueAt = retryAt(attempts, now, deps.random());
  return dueAt
    ? { status: 'retry', reason, dueAt, attempts }
    : { status: 'failed', reason: { code: 'fail.tries-over', values: { n: attempts, why: reason } } };
}

/** It never got to a server that could refuse it, so that try does not count. */
function notTried(mail: OutboxMail, reason: Reason, now: Date, deps: SendOutboxDeps): OutboxFate {
  return {
    status: 'retry',
    reason,
    dueAt: retryUnreachableAt(now, deps.random()),
    attempts: mail.attempts - 1,
  };
}
