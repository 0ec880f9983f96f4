import { type WithheldMail, withheldOf } from '../../domain/audience/mail-allowance.ts';
import type { Subscriber } from '../../domain/audience/subscriber.ts';
import type { CallToAction, Programme } from '../../domain/programme.ts';
import type { Reason } from '../../domain/reason.ts';
import { type Doubt, doubtsOf } from '../../domain/sales/doubts.ts';
import { EVENT_KINDS, eventKinds } from '../../domain/scoring/lead-event.ts';
import { thresholdFor } from '../../domain/scoring/qualify.ts';
import { REVERSED_RULE } from '../../domain/scoring/reversal.ts';
import { BALANCING_RULES, DECIDED_RULE, scoreRules } from '../../domain/scoring/score-rules.ts';
import type { ConsentEntry } from '../audience/ports/subscribers.ts';
import { programmeInForce } from '../scoring/ledger/rules-in-force.ts';
import type { RuleStore } from '../scoring/ports/rules.ts';
import type {
  DeliveryFacts,
  EventFacts,
  LeadFacts,
  LedgerLine,
  ProfileStore,
  QualificationFacts,
} from './ports/profiles.ts';
import type { Outcome } from './ports/qualifications.ts';

/** What the profile page shows: everything sales needs before picking up the phone. */
export interface Profile {
  lead: Subscriber;
  threshold: number;
  /** When and how the lead gave (or took back) its permission; oldest first. */
  consent: ConsentEntry[];
  /** Mails that did not go out, and why. */
  withheldMails: WithheldMail[];
  lastRead: { article: Read | null; brochure: Read | null; referenceStory: Read | null };
  /** One line per rule of the programme, also those with no points yet; then lines the programme no longer has. */
  rules: RuleLine[];
  /** The number given with the latest wish to be called, when it is not the one that is known. */
  requestPhone: string | null;
  /** The one that waits for sales, if any. */
  openQualification: QualificationFacts | null;
  /** Newest first. */
  qualifications: QualificationFacts[];
  /** Newest first. */
  deliveries: DeliveryFacts[];
  /** Newest first. */
  timeline: Moment[];
  /** Mails whose links a person or a machine followed: sales may say which. Newest first. */
  doubts: (Doubt<EventFacts> & { delivery: DeliveryFacts | null })[];
}

export interface Read {
  label: string;
  url: string;
  at: Date;
}

export interface RuleLine {
  rule: string;
  name: Reason;
  /** What it is worth now; null for the return's entry and for rules of the past. */
  worth: number | null;
  /** How often it counted, and the points that came of it. */
  times: number;
  points: number;
}

export type Moment =
  | { kind: 'event'; at: Date; event: EventFacts }
  | { kind: 'mail'; at: Date; delivery: DeliveryFacts }
  | { kind: 'points'; at: Date; entry: LedgerLine }
  | { kind: 'qualification'; at: Date; qualification: QualificationFacts }
  | { kind: 'alert'; at: Date; qualification: QualificationFacts }
  | { kind: 'outcome'; at: Date; outcome: Outcome }
  | { kind: 'step'; at: Date; step: 'claimed' | 'reminded' | 'escalated'; who: string }
  | { kind: 'consent'; at: Date; entry: ConsentEntry };

/** Null when there is no such lead. */
export async function showProfile(
  deps: { profiles: ProfileStore; rules: Pick<RuleStore, 'inForce'>; programme: Programme },
  subscriberId: number,
): Promise<Profile | null> {
  const facts = await deps.profiles.find(subscriberId);
  if (!facts) return null;
  const lead = facts.subscriber;
  // The rules may have been changed since this process started.
  const programme = await programmeInForce(deps.rules, deps.programme);
  return {
    lead,
    threshold: thresholdFor(lead, programme.scoring),
    consent: facts.consent,
    withheldMails: withheldOf(facts.mailCounts),
    lastRead: lastRead(facts, programme),
    rules: ruleLines(facts.ledger, programme),
    requestPhone: requestPhone(facts),
    openQualification: facts.qualifications.find(({ closedAt }) => closedAt === null) ?? null,
    qualifications: facts.qualifications.toReversed(),
    deliveries: facts.deliveries.toReversed(),
    timeline: timeline(facts, programme),
    doubts: doubtsOf(facts.events).map((doubt) => ({
      ...doubt,
      delivery: facts.deliveries.find(({ id }) => id === doubt.deliveryId) ?? null,
    })),
  };
}

function requestPhone({ events, subscriber }: LeadFacts): string | null {
  const asked = events.filter(({ kind, details }) => kind === 'form' && typeof details.phone === 'string');
  const phone = asked.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0]?.details.phone;
  return typeof phone === 'string' && phone !== subscriber.phone ? phone : null;
}

function lastRead({ lastClicks }: LeadFacts, programme: Programme): Profile['lastRead'] {
  const newest = (clicks: LeadFacts['lastClicks']): Read | null => {
    const last = clicks.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
    return last ? { label: last.label, url: last.url, at: last.at } : null;
  };
  const calls = (kind: CallToAction['kind']) => {
    const ids = programme.callsToAction.filter((call) => call.kind === kind).map(({ id }) => id);
    return lastClicks.filter(({ role, targetId }) => role === 'call-to-action' && ids.includes(targetId));
  };
  return {
    article: newest(lastClicks.filter(({ role }) => role === 'article')),
    brochure: newest(calls('brochure')),
    referenceStory: newest(calls('reference-story')),
  };
}

/** Entries that no rule of the programme made. */
const OTHER_RULES: Readonly<Record<string, Reason>> = {
  ...BALANCING_RULES,
  [REVERSED_RULE]: { code: 'score.taken-back-all' },
  [DECIDED_RULE]: { code: 'score.decided' },
};

/** The points of all lines add up to the score. */
function ruleLines(ledger: readonly LedgerLine[], programme: Programme): RuleLine[] {
  const lines = new Map<string, RuleLine>(
    scoreRules(programme).map(({ id, name, points }) => [
      id,
      { rule: id, name, worth: points, times: 0, points: 0 },
    ]),
  );
  for (const { rule, points } of ledger) {
    const name = OTHER_RULES[rule] ?? { code: 'score.old-rule' };
    const line = lines.get(rule) ?? { rule, name, worth: null, times: 0, points: 0 };
    lines.set(rule, { ...line, times: line.times + 1, points: line.points + points });
  }
  return [...lines.values()];
}

/** What the timeline shows by itself is not shown again as the event that brought it about. */
const SHOWN_OTHERWISE = new Set<string>(
  eventKinds(({ isShownOtherwise }) => isShownOtherwise).map((kind) => EVENT_KINDS[kind].recordedAs),
);

function timeline(facts: LeadFacts, programme: Programme): Moment[] {
  const moments: Moment[] = [
    ...facts.events
      .filter(({ kind }) => !SHOWN_OTHERWISE.has(kind))
      .map((event): Moment => ({ kind: 'event', at: event.at, event })),
    ...facts.deliveries.map(
      (delivery): Moment => ({
        kind: 'mail',
        at: delivery.sentAt ?? calledOffAt(delivery, facts.consent) ?? delivery.dueAt,
        delivery,
      }),
    ),
    ...facts.ledger.map((entry): Moment => ({ kind: 'points', at: entry.at, entry })),
    ...facts.consent.map((entry): Moment => ({ kind: 'consent', at: entry.at, entry })),
    ...facts.qualifications.flatMap((qualification): Moment[] => [
      { kind: 'qualification', at: qualification.at, qualification },
      ...(qualification.alert?.sentAt
        ? [{ kind: 'alert' as const, at: qualification.alert.sentAt, qualification }]
        : []),
      ...steps(qualification, programme),
      ...qualification.outcomes.map((outcome): Moment => ({ kind: 'outcome', at: outcome.at, outcome })),
    ]),
  ];
  // Of one moment the consequence comes later: what is listed after its cause above is newer. The sort is stable.
  return moments.toReversed().sort((a, b) => b.at.getTime() - a.at.getTime());
}

/** A mail that its reader's leaving called off is told as of then, not of when it would have gone. */
function calledOffAt({ status, dueAt }: DeliveryFacts, consent: readonly ConsentEntry[]): Date | null {
  if (status !== 'cancelled') return null;
  const newest = consent
    .filter(({ act, at }) => ['confirmed', 'unsubscribed', 'resubscribed'].includes(act) && at <= dueAt)
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
  return newest?.act === 'unsubscribed' ? newest.at : null;
}

/** Who took the lead, and whom nobody's silence was told. */
function steps(
  { claimedAt, claimedBy, remindedAt, escalatedAt, handedTo, outcomes }: QualificationFacts,
  { sales }: Programme,
): Moment[] {
  const step = (at: Date | null, name: 'claimed' | 'reminded' | 'escalated', who: string | null): Moment[] =>
    at ? [{ kind: 'step', at, step: name, who: who ?? '' }] : [];
  // Who answers has taken the lead with that; saying both would say one thing twice.
  const byAnswer = outcomes.some(({ at }) => at.getTime() === claimedAt?.getTime());
  return [
    ...step(remindedAt, 'reminded', handedTo),
    ...step(escalatedAt, 'escalated', sales.escalateTo),
    ...step(byAnswer ? null : claimedAt, 'claimed', claimedBy),
  ];
}
