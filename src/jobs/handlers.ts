import { importPeople } from '../journey/audience/import-people.ts';
import { type CollectDeps, collectFeed } from '../journey/content/collect-feed.ts';
import { deliverIssues } from '../journey/delivery/deliver/deliver-issues.ts';
import type { MailRenderer, MailSender } from '../journey/delivery/ports/deliveries.ts';
import type { IssueMailWriter, WireMailSender } from '../journey/delivery/ports/wire.ts';
import { sendOutbox } from '../journey/delivery/send-outbox.ts';
import type { Job, Log, Say } from '../journey/ports.ts';
import type { WebhookSender } from '../journey/sales/ports/webhooks.ts';
import { sendWebhooks } from '../journey/sales/send-webhooks.ts';
import type { InHand } from '../journey/worker-ports.ts';
import { recheckMail } from './recheck-mail.ts';

export interface HandlerDeps extends CollectDeps {
  mails: MailRenderer;
  /** Writes the mails of issues. */
  writer: IssueMailWriter;
  sender: MailSender & WireMailSender;
  webhookSender: WebhookSender;
  say: Say;
  secrets: readonly string[];
  /** Names this process in the rows that it holds. */
  worker: string;
  /** Gives what tells whether this worker has been taken for alive ever since. */
  hold?: () => () => boolean;
  /** What this worker knows to hold. */
  inHand?: InHand;
  /** Looks whether an issue is to be stopped of which a mail became uncertain. */
  watchUncertain?: (issueId: number, inARow: number) => Promise<void>;
  /** Aborted for a graceful stop, before the queue is closed: mails on the wire are finished, the rest handed back. */
  signal: AbortSignal;
  now: () => Date;
  /** 0 to 1. */
  random: () => number;
}

/** When the mail server could not be reached, the next batch waits so long. */
const UNREACHABLE_PAUSE_MS = 60_000;

/** Job name → stage. Give the answer to `queue.work`. */
export function makeHandlers(deps: HandlerDeps): (job: Job) => Promise<void> {
  const deliverIssue = deliverer(deps);
  return async (job) => {
    if (deps.signal.aborted) return;
    switch (job.name) {
      case 'collect-feed':
        await collectFeed(deps, job.url, deps.now());
        return;
      case 'send-outbox':
        await sendOutbox(
          {
            outbox: deps.database.stores.outbox,
            mails: deps.mails,
            sender: deps.sender,
            programme: deps.programme,
            recheckMail: (mail, now) => recheckMail(deps, mail, now),
            random: deps.random,
            log: deps.log,
            worker: deps.worker,
            ...(deps.hold ? { hold: deps.hold } : {}),
            ...(deps.inHand ? { inHand: deps.inHand.mails } : {}),
            signal: deps.signal,
          },
          deps.now,
        );
        return;
      case 'send-webhooks':
        await sendWebhooks({ ...deps, webhooks: deps.database.stores.webhooks }, deps.now);
        return;
      case 'import-people':
        await importPeople(deps, job.importId, deps.now(), deps.signal);
        return;
      case 'deliver-issue':
        return deliverIssue(job.issueId);
    }
  };
}

/**
 * One run at a time in this process, since it alone fills all connections to the mail server; a further reminder is
 * noted for the run under way. It goes on, issue by issue in turn, until nothing due is left to claim.
 */
function deliverer(deps: HandlerDeps): (issueId: number) => Promise<void> {
  const wanted = new Set<number>();
  let isRunning = false;
  let notBefore = new Date(0);

  return async (issueId) => {
    wanted.add(issueId);
    if (isRunning || deps.now() < notBefore) return;
    isRunning = true;
    try {
      const { deliveries, issues, ledger, pace } = deps.database.stores;
      const { writer, sender, programme, secrets, random, log, signal, worker } = deps;
      const { hold, inHand, watchUncertain } = deps;
      const stage = {
        deliveries,
        issues,
        ledger,
        pace,
        writer,
        sender,
        programme,
        secrets,
        random,
        log,
        ...(hold ? { hold } : {}),
        ...(inHand ? { inHand: inHand.batches } : {}),
        ...(watchUncertain ? { onUncertain: oneLookAtATime(watchUncertain, log) } : {}),
      };
      const report = await deliverIssues(stage, { issueIds: wanted, worker, signal }, deps.now);
      if (report.unreachable) notBefore = new Date(deps.now().getTime() + UNREACHABLE_PAUSE_MS);
      else if (report.notBefore) notBefore = report.notBefore;
    } finally {
      // What is still due is handed on again by the schedule.
      wanted.clear();
      isRunning = false;
    }
  };
}

/** Mails become uncertain together: each look that begins serves all that ask before it does. */
function oneLookAtATime(
  look: (issueId: number, inARow: number) => Promise<void>,
  log: Log,
): (issueId: number, inARow: number) => Promise<void> {
  const asked = new Map<number, { inARow: number; answer: Promise<void> }>();
  const last = new Map<number, Promise<void>>();
  const begin = async (issueId: number) => {
    await last.get(issueId);
    const { inARow = 0, answer = Promise.resolve() } = asked.get(issueId) ?? {};
    asked.delete(issueId);
    last.set(issueId, answer);
    await look(issueId, inARow).catch((error: Error) =>
      log.error({ issueId, error: error.message }, 'could not look whether the issue is to be paused'),
    );
  };
  return (issueId, inARow) => {
    const waiting = asked.get(issueId);
    if (waiting) {
      waiting.inARow = Math.max(waiting.inARow, inARow);
      return waiting.answer;
    }
    const look = { inARow, answer: Promise.resolve() };
    asked.set(issueId, look);
    look.answer = begin(issueId);
    return look.answer;
  };
}
