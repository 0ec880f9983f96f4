import type { Source } from '../../domain/audience/subscriber.ts';
import { touchedBy } from '../../domain/audience/touch.ts';
import type { Programme } from '../../domain/programme.ts';
import type { LeadEvent } from '../../domain/scoring/lead-event.ts';
import type { PageVisit } from '../../domain/scoring/touchpoint-form.ts';
import type { Hit, HitClass, Verdict } from '../../domain/tracking/hit.ts';
import type { SiteVisitor } from '../../domain/tracking/site-token.ts';
import type { Database } from '../ports.ts';
import { proveBrowser } from './judging/prove-browser.ts';

/**
 * A page of the company's site that a reader looks at after a click. The visit is whatever the click is taken for: a
 * scanner that runs scripts gets no points for it, now or when it shows itself later. False when the click is not known.
 */
export async function recordVisit(
  {
    database,
    programme,
  }: { database: Pick<Database, 'inTransaction'>; programme: Pick<Programme, 'machines'> },
  { visitor, visit, hit }: { visitor: SiteVisitor; visit: PageVisit; hit: Hit },
  now: Date,
): Promise<boolean> {
  return database.inTransaction(async ({ subscribers, touchpoints, ledger, heldMails }) => {
    const click = await touchpoints.findClick(visitor.click);
    if (!click) return false;
    const { subscriberId } = click;
    // The reader's own browser: what was done under the address before is known to be theirs now.
    const leadEvents: LeadEvent[] = click.class === 'human' ? await touchpoints.release(subscriberId) : [];
    leadEvents.push({
      kind: 'visit',
      at: now,
      subscriberId,
      page: visit.page,
      hit,
      details: { ...visit.details, click: visitor.click },
      verdict: VERDICTS[click.class],
    });
    const { page, details } = visit;
    if (click.class === 'human' && (details.utm_source || details.utm_campaign)) {
      // Only what names a campaign is a contact of its own: every visit here follows a click in a mail.
      const reader = await subscribers.lock(subscriberId);
      const source: Source = { ...details, landing_page: page };
      if (reader) await subscribers.change(reader.id, touchedBy(reader, { source, at: now }));
    }
    await ledger.record(leadEvents);
    // A page that was really loaded says something about the clicks of this browser.
    if (click.class !== 'human')
      await proveBrowser({ ledger, heldMails }, programme.machines, { subscriberId, hit }, now);
    return true;
  });
}

const VERDICTS: Readonly<Record<HitClass, Verdict>> = {
  human: { class: 'human', reasons: [] },
  proxied: { class: 'human', reasons: [] },
  doubtful: { class: 'doubtful', reasons: [{ code: 'machine.led-by-doubt' }] },
  machine: { class: 'machine', reasons: [{ code: 'machine.led-by-machine' }] },
};
