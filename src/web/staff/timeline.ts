import type { EventFacts } from '../../journey/sales/profile.ts';
import type { Moment, Profile } from '../../journey/sales/show-profile.ts';

/** One line of the timeline. `key` is a text of the locale, filled with `values`; `cause` is used when there is no key. */
export interface TimelineLine {
  at: Date;
  iso: string;
  key: string | null;
  values: Record<string, string>;
  cause: string;
  detail: string;
  /** "+3", "−1", or nothing. */
  points: string;
}

/** What is kept, as people read it. */
interface Names {
  tell: (text: string) => string;
  digest: (id: string) => string;
}

/** The profile's timeline as lines to read. An act that brought points is shown once, with its points. */
export function timelineLines(timeline: Profile['timeline'], names: Names): TimelineLine[] {
  const scored = new Set(
    timeline.flatMap((moment) =>
      moment.kind === 'points' ? actKey(moment.at, moment.entry.deliveryId, moment.entry.rule) : [],
    ),
  );
  return timeline
    .filter(
      (moment) =>
        moment.kind !== 'event' || !scored.has(actKey(moment.at, moment.event.deliveryId, moment.event.kind)),
    )
    .map((moment) => ({ at: moment.at, iso: moment.at.toISOString(), ...BLANK, ...words(moment, names) }));
}

const BLANK = { key: null, values: {}, cause: '', detail: '', points: '' };

/** Rules begin with the kind of event they score: click-article, open, form-call-back. */
function actKey(at: Date, deliveryId: number | null, ruleOrKind: string): string {
  return `${at.getTime()} ${deliveryId} ${ruleOrKind.split('-')[0]}`;
}

function words(moment: Moment, { tell, digest }: Names): Partial<TimelineLine> {
  switch (moment.kind) {
    case 'points':
      return { cause: tell(moment.entry.cause), points: signed(moment.entry.points) };
    case 'event':
      return eventWords(moment.event, tell);
    case 'mail': {
      const { status, digestId, issueId, reason, picks } = moment.delivery;
      const main = picks.find(({ place }) => place === 'main');
      return {
        key: `staff.timeline.mail.${status}`,
        values: { digest: digest(digestId), issue: String(issueId) },
        detail: reason ? tell(reason) : (main?.title ?? ''),
      };
    }
    case 'qualification':
      return {
        key: 'staff.timeline.qualified',
        values: { score: String(moment.qualification.score) },
      };
    case 'alert':
      return { key: 'staff.timeline.alerted' };
    case 'outcome':
      return {
        key: `staff.timeline.outcome.${moment.outcome.status}`,
        detail: [moment.outcome.staffEmail, moment.outcome.note].filter(Boolean).join(': '),
      };
    case 'step':
      return { key: `staff.timeline.${moment.step}`, values: { who: moment.who } };
    case 'consent':
      return { key: `staff.consent.${moment.entry.act}`, detail: tell(moment.entry.how) };
  }
}

function eventWords(
  { kind, class: hitClass, classReasons, link, details }: EventFacts,
  tell: Names['tell'],
): Partial<TimelineLine> {
  const what = link?.label ?? String(details.name ?? details.form ?? '');
  if (kind === 'wants-more' || kind === 'wants-less')
    return { key: `staff.timeline.${kind}`, values: { what } };
  return hitClass === 'machine'
    ? {
        key: `staff.timeline.machine.${kind === 'open' ? 'open' : 'click'}`,
        detail: [what, ...classReasons.map(tell)].filter(Boolean).join(' · '),
      }
    : {
        key: `staff.timeline.again.${kind === 'open' || kind === 'click' ? kind : 'other'}`,
        values: { what: what || kind },
      };
}

function signed(points: number): string {
  return points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0';
}
