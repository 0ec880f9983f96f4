import type { Article } from '../../../domain/content/article.ts';
import { offeredBy } from '../../../domain/content/choosing/offered.ts';
import { type Choose, type IssueToChoose, prepareChoosing } from '../../../domain/content/choosing/select.ts';
import { mailDomain, messageId } from '../../../domain/mail/headers.ts';
import type { Digest, Programme } from '../../../domain/programme.ts';
import type { ClaimedDelivery, DeliveryStore, IssueLink, IssueStore } from '../ports/deliveries.ts';
import type { IssueMailToWrite, IssueMailWriter, WireMail } from '../ports/wire.ts';

/**
 * What a living worker has lost track of is free after this: longer than a mail can be on the wire without a word. Of a dead one
 * others know sooner (jobs/presence.ts).
 */
export const LEASE_MS = 10 * 60_000;

export interface ClaimDeps {
  deliveries: Pick<DeliveryStore, 'claim'>;
  issues: Pick<IssueStore, 'find' | 'articles' | 'links'>;
  writer: IssueMailWriter;
  programme: Programme;
  secrets: readonly string[];
}

/** An issue that is open, with all that its mails are made of. */
export interface OpenIssue {
  issueId: number;
  digest: Digest;
  articles: Article[];
  issueLinks: IssueLink[];
  /** Chooses as of `now` or up to a minute before. */
  choosingAt: (now: Date) => Choose;
  write: (mail: IssueMailToWrite) => Promise<WireMail>;
}

/** A mail that could not be written is known by its Message-ID too, so that its delivery gets a fate like any other. */
export type WrittenDelivery = { messageId: string } & ({ mail: WireMail } | { fault: string });

export interface ClaimedBatch {
  id: number;
  deliveries: ClaimedDelivery[];
  write: (delivery: ClaimedDelivery, at: Date) => Promise<WrittenDelivery>;
}

/** Null when the issue is not open (any more). Throws when the programme no longer has its digest. */
export async function openIssue(deps: ClaimDeps, issueId: number): Promise<OpenIssue | null> {
  const issue = await deps.issues.find(issueId);
  if (issue?.status !== 'open') return null;
  const digest = deps.programme.digests.find(({ id }) => id === issue.digestId);
  if (!digest)
    throw new Error(
      `issue ${issueId} is of digest "${issue.digestId}", which feeds.config.ts no longer has: put it back, or cancel the issue`,
    );
  const [articles, issueLinks] = await Promise.all([
    deps.issues.articles(issueId),
    deps.issues.links(issueId),
  ]);
  const write = deps.writer.prepare({ issueId, digestId: digest.id, articles, issueLinks });
  // A feed that has left the programme meanwhile is in no further mail of the issue.
  const choosingAt = choosingOf({
    articles: offeredBy(deps.programme, articles),
    layout: digest.layout,
    minimum: digest.minimumArticles,
    choosing: deps.programme.choosing,
  });
  return { issueId, digest, articles, issueLinks, choosingAt, write };
}

/** To make an issue ready for choosing takes as long as to choose for many hundreds of readers. Freshness goes by the day. */
const READY_FOR_MS = 60_000;

function choosingOf(issue: Omit<IssueToChoose, 'now'>): (now: Date) => Choose {
  let ready: { at: number; choose: Choose } | null = null;
  return (now) => {
    const age = ready ? now.getTime() - ready.at : Number.NaN;
    if (ready === null || !(age >= 0 && age < READY_FOR_MS))
      ready = { at: now.getTime(), choose: prepareChoosing({ ...issue, now }) };
    return ready.choose;
  };
}

/** Claims up to `limit` due deliveries of the issue with their picks. Null when there was nothing to claim. */
export async function claimBatch(
  deps: ClaimDeps,
  { issueId, choosingAt, write }: OpenIssue,
  { worker, limit }: { worker: string; limit: number },
  now: Date,
): Promise<ClaimedBatch | null> {
  const { programme } = deps;
  const choose = choosingAt(now);
  const claimed = await deps.deliveries.claim(issueId, worker, now, LEASE_MS, limit, (delivery) =>
    choose(delivery.subscriber, delivery.hadArticleIds),
  );
  if (!claimed) return null;
  const domain = mailDomain(programme.brand.from.address);
  return {
    id: claimed.batch.id,
    deliveries: claimed.batch.deliveries,
    async write(delivery, at) {
      const { subscriber } = delivery;
      const id = delivery.messageId ?? messageId('issue', delivery.id, domain, deps.secrets);
      const language = programme.languages.includes(subscriber.language)
        ? subscriber.language
        : programme.defaultLanguage;
      try {
        const mail = await write({
          deliveryId: delivery.id,
          subscriber,
          picks: claimed.picks.get(delivery.id) ?? [],
          now: at,
          language,
          address: subscriber.email,
          messageId: id,
        });
        return { messageId: id, mail };
      } catch (error) {
        return { messageId: id, fault: (error as Error).message };
      }
    },
  };
}
