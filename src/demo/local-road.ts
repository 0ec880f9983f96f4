import type { Programme } from '../domain/programme.ts';
import type { Tell } from '../domain/reason-text.ts';
import { onCommandLine } from '../domain/staff/actor.ts';
import { showSubscriber } from '../journey/audience/show-subscriber.ts';
import { sendNow } from '../journey/delivery/plan-issue.ts';
import type { Log } from '../journey/ports.ts';
import type { Runtime } from '../runtime.ts';
import { type Road, type SeenMail, until } from './road.ts';

/** Mails as the built-in inbox shows them, oldest first. */
export async function inboxMails(base: string, to: string): Promise<SeenMail[]> {
  const response = await fetch(`${base}/inbox.json?limit=500&to=${encodeURIComponent(to)}`);
  if (!response.ok) throw new Error(`${base}/inbox.json answered ${response.status}`);
  return ((await response.json()) as { mails: SeenMail[] }).mails.toReversed();
}

/** The road through a program that runs in this process. */
export function localRoad(program: Runtime, log: Log, now: () => Date, tell: Tell): Road {
  const { database, programme, links, settings } = program;
  const [digest] = programme.digests;
  if (!digest) throw new Error('the programme has no digest');
  const show = (email: string) => showSubscriber({ ...database.stores, tell }, email);
  return {
    base: settings.publicUrl,
    mails: (to) => inboxMails(settings.publicUrl, to),
    show,
    collectFeeds: () => feedsRead(program, programme, now()),
    async sendIssue(email) {
      const { issueId } = await sendNow(
        { database, programme, links, log },
        digest,
        { to: email, by: onCommandLine('demo') },
        now(),
      );
      await until(`issue ${issueId} to be delivered`, async () => {
        const delivery = (await show(email))?.deliveries.find(({ issue }) => issue === issueId);
        if (delivery?.status === 'skipped') throw new Error(`issue ${issueId} has no mail for ${email}`);
        return delivery?.status === 'sent';
      });
      return issueId;
    },
  };
}

/** Every feed of the programme has been read since `since`. */
export async function feedsRead(program: Runtime, programme: Programme, since: Date): Promise<void> {
  await until('all feeds to be read', async () => {
    const states = await program.database.stores.feeds.list();
    const isRead = (url: string) =>
      states.some((state) => state.url === url && state.lastSuccessAt !== null && state.nextCheckAt > since);
    return programme.feeds.every(({ url }) => isRead(url));
  });
}
