import type { ShownSubscriber } from '../journey/audience/show-subscriber.ts';

export interface SeenMail {
  subject: string;
  html: string;
  text: string;
  headers: { name: string; value: string }[];
}

/** The places a walk touches: a running Simmer, the mailbox its mails end in, and the command line beside it. */
export interface Road {
  /** PUBLIC_URL of the running program. */
  base: string;
  /** All mails to an address, oldest first. */
  mails(to: string): Promise<SeenMail[]>;
  /** Makes sure that the feeds have been read. */
  collectFeeds(): Promise<void>;
  /** Sends an issue of the digest to one reader now, waits until it is done, and says which. */
  sendIssue(email: string): Promise<number>;
  show(email: string): Promise<ShownSubscriber | null>;
}

const LOOKS = 3000;
const BETWEEN_LOOKS_MS = 100;

/**
 * Waits for something another process does. The limit is there to end a hang: looks are counted, not seconds, for on a
 * busy machine they take longer, as what is waited for does.
 */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let looks = 0; looks < LOOKS; looks++) {
    const seen = await look();
    if (seen) return seen;
    await new Promise((done) => setTimeout(done, BETWEEN_LOOKS_MS));
  }
  throw new Error(`waited in vain for: ${what}`);
}

/** The nth mail (1 is the first) to an address whose subject or text fits. */
export function mailTo(road: Road, to: string, fits: RegExp, nth = 1): Promise<SeenMail> {
  return until(`mail ${nth} to ${to} that fits ${fits}`, async () => {
    const mails = await road.mails(to);
    return mails.filter(({ subject, text }) => fits.test(subject) || fits.test(text))[nth - 1];
  });
}

/** The mail of one issue to an address; its Feedback-ID names the issue. */
export function issueMail(road: Road, to: string, issueId: number): Promise<SeenMail> {
  return until(`the mail of issue ${issueId} to ${to}`, async () =>
    (await road.mails(to)).find(({ headers }) =>
      headers.some(({ name, value }) => /^feedback-id$/i.test(name) && value.startsWith(`issue-${issueId}:`)),
    ),
  );
}
