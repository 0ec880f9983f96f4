import type { Tell } from '../../../domain/reason-text.ts';
import { formReason, RETURNED_RULE } from '../../../domain/scoring/score-rules.ts';
import type { EventFacts } from '../../../journey/sales/ports/profiles.ts';
import type { Moment, Profile } from '../../../journey/sales/show-profile.ts';

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
  tell: Tell;
  digest: (id: string) => string;
  touch: (name: string) => string;
}

/**
 * The profile's timeline as lines to read. What brought points is shown once, with its points: an act, a mail that was sent,
 * sales' answer. What machines did with one mail is one line.
 */
export function timelineLines(timeline: Profile['timeline'], names: Names): TimelineLine[] {
  const scored = new Set(
    timeline.flatMap((moment) => (moment.kind === 'points' ? moment.entry.eventId : [])),
  );
  const beside = pointsBeside(timeline);
  const machines = new Map<string, EventFacts[]>();
  for (const moment of timeline) {
    if (moment.kind !== 'event' || moment.event.class !== 'machine') continue;
    const key = machineKey(moment.event);
    machines.set(key, [...(machines.get(key) ?? []), moment.event]);
  }
  return timeline.flatMap((moment): TimelineLine[] => {
    const line = (said: Partial<TimelineLine>) => [
      { at: moment.at, iso: moment.at.toISOString(), ...BLANK, ...said },
    ];
    if (moment.kind === 'points' && [...beside.values()].includes(moment)) return [];
    if (moment.kind === 'event') {
      const { event } = moment;
      if (scored.has(event.id)) return [];
      if (event.class !== 'machine') return line(words(moment, names));
      const all = machines.get(machineKey(event)) ?? [event];
      return all[0] === event ? line(machineWords(all, names.tell)) : [];
    }
    const points = beside.get(moment);
    return line({ ...words(moment, names), ...(points ? { points: signed(points.entry.points) } : {}) });
  });
}

const BLANK = { key: null, values: {}, cause: '', detail: '', points: '' };

type Points = Extract<Moment, { kind: 'points' }>;

/** The points of a mail and of an answer, by the moment that shows them. What was corrected later is a line of its own. */
function pointsBeside(timeline: Profile['timeline']): Map<Moment, Points> {
  const found = new Map<Moment, Points>();
  const oldestFirst = timeline.filter((moment): moment is Points => moment.kind === 'points').reverse();
  for (const moment of timeline) {
    const points = oldestFirst.find(({ entry }) =>
      moment.kind === 'mail'
        ? entry.rule === 'further-mail' && entry.deliveryId === moment.delivery.id
        : moment.kind === 'outcome' &&
          entry.rule === RETURNED_RULE &&
          entry.at.getTime() === moment.at.getTime(),
    );
    if (points) found.set(moment, points);
  }
  return found;
}

/** Opens and clicks of one mail; what belongs to no mail stands for itself. */
function machineKey({ id, kind, deliveryId }: EventFacts): string {
  return deliveryId === null ? `event ${id}` : `${deliveryId} ${kind === 'open' ? 'open' : 'click'}`;
}

function machineWords(events: readonly EventFacts[], tell: Names['tell']): Partial<TimelineLine> {
  const [first] = events;
  const what = events.length === 1 ? (first?.link?.label ?? '') : '';
  const reasons = new Set(events.flatMap(({ classReasons }) => classReasons.map(tell)));
  return {
    key: `staff.timeline.machine.${first?.kind === 'open' ? 'open' : 'click'}`,
    values: { n: String(events.length) },
    detail: [what, ...reasons].filter(Boolean).join(' · '),
  };
}

function words(moment: Moment, { tell, digest, touch }: Names): Partial<TimelineLine> {
  switch (moment.kind) {
    case 'points':
      return { cause: tell(moment.entry.cause), points: signed(moment.entry.points) };
    case 'event':
      return eventWords(moment.event, { tell, touch });
    case 'mail': {
      const { status, digestId, reason, picks } = moment.delivery;
      const main = picks.find(({ place }) => place === 'main');
      return {
        key: `staff.timeline.mail.${status}`,
        values: { digest: digest(digestId) },
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
  { kind, link, details }: EventFacts,
  { tell, touch }: Pick<Names, 'tell' | 'touch'>,
): Partial<TimelineLine> {
  const form = formReason(String(details.form ?? ''));
  const what =
    link?.label ??
    (form
      ? tell(form)
      : details.name
        ? touch(String(details.name))
        : String(details.form ?? details.page ?? ''));
  if (kind === 'wants-more' || kind === 'wants-less')
    return { key: `staff.timeline.${kind}`, values: { what } };
  return {
    key: `staff.timeline.again.${kind === 'open' || kind === 'click' ? kind : 'other'}`,
    values: { what: what || kind },
  };
}

function signed(points: number): string {
  return points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0';
}
