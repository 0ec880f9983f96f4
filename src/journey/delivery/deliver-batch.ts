import { prepareChoosing } from '../../domain/content/select.ts';
import { issueHeaders, mailDomain, messageId } from '../../domain/delivery/headers.ts';
import { issueMail } from '../../domain/delivery/issue-mail.ts';
import { MOST_TRIES, retryAt, retryUnreachableAt } from '../../domain/delivery/retry.ts';
import type { Links } from '../../domain/links.ts';
import type { Programme } from '../../domain/programme.ts';
import { groupCommit } from '../group-commit.ts';
import type { Log } from '../ports.ts';
import type {
  ClaimedDelivery,
  DeliveryFate,
  DeliveryStore,
  IssueStore,
  MailRenderer,
  MailSender,
  OutgoingMail,
  SendResult,
} from './ports.ts';
import { writeUntilWritten } from './write-until-written.ts';

/** As many deliveries as one worker takes at a time. */
const BATCH_SIZE = 500;

/** A worker that has not been heard of for so long is dead. Longer than a mail can be on the wire without a word. */
const LEASE_MS = 10 * 60_000;

export interface DeliverBatchDeps {
  deliveries: DeliveryStore;
  issues: Pick<IssueStore, 'find' | 'articles' | 'links'>;
  mails: MailRenderer;
  sender: MailSender;
  programme: Programme;
  links: Links;
  secrets: readonly string[];
  /** 0 to 1, for the pauses before further tries. */
  random: () => number;
  log: Log;
}

export interface DeliverBatchInput {
  issueId: number;
  /** Names this process in the batch's row. */
  worker: string;
  /** Aborted for a graceful stop: what is on the wire is finished, the rest handed back. */
  signal?: AbortSignal;
}

export interface BatchReport {
  batchId: number;
  claimed: number;
  sent: number;
  retry: number;
  failed: number;
  uncertain: number;
  /** Not sent after all: the reader left, or the batch was taken away. */
  leftOut: number;
  handedBack: number;
  /** The server could not be reached, so the rest was handed back: wait a minute before the next batch. */
  unreachable: boolean;
}

/**
 * Claims up to 500 due deliveries of an issue with their picks, and sends them. Null when there was nothing to claim.
 *
 * Each mail is marked `sending` before it goes on the wire and gets its fate when the server has answered; both are
 * group commits, and each of the 2 × connections loops waits for them. So at most 2 × connections rows are `sending`
 * at any time: those are what a kill leaves uncertain. When Postgres is away, fates are kept and tried again, and
 * nothing more is sent meanwhile.
 */
export async function deliverBatch(
  deps: DeliverBatchDeps,
  { issueId, worker, signal }: DeliverBatchInput,
  clock: () => Date,
): Promise<BatchReport | null> {
  const prepared = await prepare(deps, issueId, worker, clock());
  if (!prepared) return null;
  const { batch, mailFor } = prepared;
  const { deliveries, sender, log } = deps;
  const report: BatchReport = {
    batchId: batch.id,
    claimed: batch.deliveries.length,
    sent: 0,
    retry: 0,
    failed: 0,
    uncertain: 0,
    leftOut: 0,
    handedBack: 0,
    unreachable: false,
  };

  const mark = writeUntilWritten(
    groupCommit<Marking>(async (items) => {
      const ours = new Set(await deliveries.markSending(batch.id, items));
      for (const item of items) item.isOurs = ours.has(item.deliveryId);
    }, BATCH_SIZE),
    { what: 'that mails are about to be sent', log, signal },
  );
  const settle = writeUntilWritten(
    groupCommit<DeliveryFate>((fates) => deliveries.settle(batch.id, fates), BATCH_SIZE),
    { what: 'what became of mails', log, signal },
  );

  const queue = [...batch.deliveries];
  let unreachableInARow = 0;
  const isStopping = () => signal?.aborted === true || report.unreachable;
  const loop = async () => {
    for (;;) {
      const delivery = isStopping() ? undefined : queue.shift();
      if (!delivery) return;
      const mail = mailFor(delivery, clock());
      const marking: Marking = { deliveryId: delivery.id, messageId: mail.messageId, isOurs: false };
      await mark(marking);
      if (!marking.isOurs) {
        report.leftOut += 1;
        continue;
      }
      const result: SendResult =
        'fault' in mail
          ? { status: 'failed', reply: mail.fault, badAddress: false }
          : await sender.send(mail);
      unreachableInARow = result.status === 'retry' && result.unreachable ? unreachableInARow + 1 : 0;
      if (unreachableInARow >= sender.connections) report.unreachable = true;
      const fate = fateOf(delivery, result, clock(), deps.random());
      await settle(fate);
      report[fate.status] += 1;
    }
  };

  const lease = setInterval(() => {
    deliveries
      .extendLease(batch.id, new Date(clock().getTime() + LEASE_MS))
      .catch((error: Error) =>
        log.warn({ batchId: batch.id, error: error.message }, 'could not extend the lease of a batch'),
      );
  }, LEASE_MS / 5);
  try {
    const ends = await Promise.allSettled(Array.from({ length: 2 * sender.connections }, loop));
    report.handedBack = await deliveries.handBack(batch.id);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  } finally {
    clearInterval(lease);
  }
  log.info({ issueId, ...report }, 'batch delivered');
  return report;
}

interface Marking {
  deliveryId: number;
  messageId: string;
  isOurs: boolean;
}

/** A mail that could not be written is known by its Message-ID too, so that its delivery gets a fate like any other. */
type Prepared = OutgoingMail | { messageId: string; fault: string };

async function prepare(deps: DeliverBatchDeps, issueId: number, worker: string, now: Date) {
  const { issues, programme, links, mails } = deps;
  const issue = await issues.find(issueId);
  if (issue?.status !== 'open') return null;
  const digest = programme.digests.find(({ id }) => id === issue.digestId);
  if (!digest)
    throw new Error(
      `issue ${issueId} is of digest "${issue.digestId}", which feeds.config.ts no longer has: put it back, or cancel the issue`,
    );
  const [articles, issueLinks] = await Promise.all([issues.articles(issueId), issues.links(issueId)]);

  const choose = prepareChoosing({
    articles,
    now,
    layout: digest.layout,
    minimum: digest.minimumArticles,
    choosing: programme.choosing,
  });
  const claimed = await deps.deliveries.claim(issueId, worker, now, LEASE_MS, BATCH_SIZE, (delivery) =>
    choose(delivery.subscriber, delivery.hadArticleIds),
  );
  if (!claimed) return null;
  const domain = mailDomain(programme.brand.from.address);

  const mailFor = (delivery: ClaimedDelivery, at: Date): Prepared => {
    const { subscriber } = delivery;
    const id = delivery.messageId ?? messageId('issue', delivery.id, domain, deps.secrets);
    const language = programme.languages.includes(subscriber.language)
      ? subscriber.language
      : programme.defaultLanguage;
    const common = { programme, links, issueId, deliveryId: delivery.id };
    try {
      const data = issueMail({
        ...common,
        digestId: digest.id,
        subscriber,
        picks: claimed.picks.get(delivery.id) ?? [],
        articles,
        issueLinks,
        now: at,
        webVersion: false,
      });
      return {
        ...mails.render('issue', language, data),
        to: { name: subscriber.name, address: subscriber.email },
        messageId: id,
        headers: issueHeaders({ ...common, digest, language }),
        language,
      };
    } catch (error) {
      return { messageId: id, fault: `the mail could not be written: ${(error as Error).message}` };
    }
  };
  return { batch: claimed.batch, mailFor };
}

/** What the answer to a mail makes of its delivery. */
function fateOf(delivery: ClaimedDelivery, result: SendResult, now: Date, jitter: number): DeliveryFate {
  const { reply } = result;
  const about = { deliveryId: delivery.id, subscriberId: delivery.subscriber.id, reply };
  switch (result.status) {
    case 'sent':
      return { ...about, status: 'sent', at: now };
    case 'uncertain':
      return { ...about, status: 'uncertain' };
    case 'failed':
      return { ...about, status: 'failed', reason: reply, suppress: result.badAddress };
    case 'retry': {
      if (result.unreachable)
        return {
          ...about,
          status: 'retry',
          dueAt: retryUnreachableAt(now, jitter),
          attempts: delivery.attempts,
        };
      const attempts = delivery.attempts + 1;
      const dueAt = retryAt(attempts, now, jitter);
      if (dueAt) return { ...about, status: 'retry', dueAt, attempts };
      const reason = `refused for now ${MOST_TRIES} times, the last time with: ${reply}`;
      return { ...about, status: 'failed', reason, suppress: false };
    }
  }
}
