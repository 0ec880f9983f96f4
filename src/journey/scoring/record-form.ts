import { emptyFieldsFilled, type Profile } from '../../domain/audience/profile-field.ts';
import type { Source, Subscriber } from '../../domain/audience/subscriber.ts';
import { touchedBy } from '../../domain/audience/touch.ts';
import type { Programme } from '../../domain/programme.ts';
import type { Hit } from '../../domain/tracking/hit.ts';
import { PROVEN_BEFORE_MS } from '../../domain/tracking/person-signs.ts';
import type { SiteVisitor } from '../../domain/tracking/site-token.ts';
import type { Database, Queue } from '../ports.ts';
import { proveBrowser } from '../tracking/judging/prove-browser.ts';
import type { HeldMailStore } from '../tracking/ports/hits.ts';
import type { OfSubscriber } from './ports/ledger.ts';

export interface FormInput {
  /** contact, call-back, order, download, webinar … */
  form: string;
  /** What is downloaded, for the form "download". */
  download: string | null;
  email: string;
  /** Where the visitor came from to this form; left out: that is not known. */
  source?: Source;
  /** What was typed of the person and the company. */
  profile: Profile;
  /** Whose browser it is, when it carries a token of a mail. */
  visitor: SiteVisitor | null;
  details: Record<string, string>;
  hit: Hit;
}

/** `held`: anybody can type an address; it counts once its owner confirms it, or comes by a link of a mail. */
export type FormTaken = 'recorded' | 'held' | 'unknown';

/**
 * A form on the company's site, posted by somebody with a known address. It counts at once, up to an SQL at once, when the
 * browser shows by its token that it is that reader's. All else is held: a typed address alone must never send sales to
 * somebody who asked for nothing. Held is written for everybody alike, so that how long it takes tells nothing; a reader's
 * download is counted soon after (count-downloads.ts).
 */
export async function takeForm(
  {
    database,
    queue,
    programme,
  }: {
    database: Pick<Database, 'inTransaction'>;
    queue: Pick<Queue, 'add'>;
    programme: Pick<Programme, 'machines'>;
  },
  input: FormInput,
  now: Date,
): Promise<FormTaken> {
  const { email, visitor, source = {} } = input;
  const touch = (subscriber: Subscriber) => touchedBy(subscriber, { source, at: now });
  const taken = await database.inTransaction(
    async ({ subscribers, touchpoints, ledger, heldMails }): Promise<FormTaken> => {
      const subscriber = await subscribers.findByEmail(email);
      if (!subscriber) {
        await touchpoints.hold(null, now);
        return 'unknown';
      }
      const click = visitor && (await touchpoints.findClick(visitor.click));
      const isOfReader = click?.subscriberId === subscriber.id;
      // Who types the address that the mail went to, in the browser of the click, is its reader, whatever that was taken for.
      const isTheirs =
        isOfReader &&
        (click.class !== 'machine' || (await isSameBrowser(heldMails, input, subscriber.id, now)));
      const leadEvent = leadEventOf(input, subscriber.id, isTheirs ? visitor : null, now);
      if (!isTheirs) {
        // What brought somebody here is counted by the confirmation itself.
        const isCounted = leadEvent.kind === 'download' && isFirst(subscriber, leadEvent.name);
        await touchpoints.hold(isCounted ? null : leadEvent, now);
        return 'held';
      }
      // Whoever holds a passed-on mail could have typed it: who somebody is stays with the form, only the company is filled in.
      const company = { ...input.profile, name: null, company: null, jobTitle: null, phone: null };
      await subscribers.change(subscriber.id, {
        ...emptyFieldsFilled(subscriber, company),
        ...touch(subscriber),
      });
      await ledger.record([...(await touchpoints.release(subscriber.id)), leadEvent]);
      await proveBrowser(
        { ledger, heldMails },
        programme.machines,
        { subscriberId: subscriber.id, hit: input.hit },
        now,
      );
      return 'recorded';
    },
  );
  // An SQL at once is told at once.
  if (taken === 'recorded') await queue.add({ name: 'send-outbox' }, { key: 'send-outbox' });
  return taken;
}

/** Whether the browser that sends the form is one that was at the mail it came from. */
async function isSameBrowser(
  heldMails: Pick<HeldMailStore, 'ofBrowser'>,
  { visitor, hit }: FormInput,
  subscriberId: number,
  now: Date,
): Promise<boolean> {
  const since = new Date(now.getTime() - PROVEN_BEFORE_MS);
  const mails = await heldMails.ofBrowser(subscriberId, { network: hit.ip, agent: hit.userAgent }, since);
  return mails.some(({ deliveryId }) => deliveryId === visitor?.deliveryId);
}

function leadEventOf(
  { form, download, details, hit }: FormInput,
  subscriberId: number,
  visitor: SiteVisitor | null,
  at: Date,
): OfSubscriber {
  return form === 'download'
    ? { kind: 'download', at, subscriberId, name: download ?? 'download', hit }
    : { kind: 'form', at, subscriberId, deliveryId: visitor?.deliveryId ?? null, form, hit, details };
}

function isFirst({ confirmedAt, source }: Subscriber, name: string): boolean {
  return confirmedAt === null && source.download === name;
}
