import { ALLOWANCES } from '../../domain/audience/mail-allowance.ts';
import { mailboxOf } from '../../domain/audience/mailbox.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import type { Links } from '../../domain/links.ts';
import { hashSecret } from '../../domain/staff/sign-in.ts';
import type { Database, Queue, Say } from '../ports.ts';

export interface OwnDataDeps {
  database: Database;
  queue: Pick<Queue, 'add'>;
  links: Links;
  say: Say;
  newSecret: () => string;
}

/** How long the mailed link works. */
export const OWN_DATA_HOURS = 24;
/** One such mail in this time: anybody who was passed a newsletter could ask for more. */
const BETWEEN_MAILS_MS = 10 * 60_000;

/**
 * Mails somebody a link to all that is known about them. The links in a newsletter are not enough for that: newsletters
 * are passed on, and then they are in other hands.
 */
export async function requestOwnData(
  { database, queue, links, say, newSecret }: OwnDataDeps,
  { subscriber, language }: { subscriber: Subscriber; language: string },
  now: Date,
): Promise<void> {
  const secret = newSecret();
  const slot = Math.floor(now.getTime() / BETWEEN_MAILS_MS);
  const text = (key: string) => say(language, `subscriber.ownData.mail.${key}`, { hours: OWN_DATA_HOURS });
  const isNew = await database.inTransaction(async ({ outbox, ownData, mailAllowances }) => {
    const mailbox = mailboxOf(subscriber.email);
    const asked = [{ mailbox, isProven: false }];
    if (!(await mailAllowances.claim('own-data', ALLOWANCES['own-data'], asked, now)).has(mailbox))
      return false;
    const added = await outbox.add({
      kind: 'notice',
      dedupeKey: `own-data:${subscriber.id}:${slot}`,
      to: subscriber.email,
      language,
      data: {
        subject: text('subject'),
        paragraphs: [text('text'), text('notYou')],
        url: links.ownData(secret),
      },
      subscriberId: subscriber.id,
      dueAt: now,
      at: now,
    });
    if (added === null) return false;
    const expiresAt = new Date(now.getTime() + OWN_DATA_HOURS * 3_600_000);
    await ownData.addLink({ tokenHash: hashSecret(secret), subscriberId: subscriber.id, expiresAt });
    return true;
  });
  if (isNew) await queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
}
