import type { Stage } from '../audience/subscriber.ts';
import type { OutcomeStatus } from '../sales/outcome.ts';
import type { Hit, HitClass } from '../tracking/hit.ts';
import { applyEvent } from './apply-event.ts';
import type { LeadEvent, RecordedKind } from './lead-event.ts';
import { startTimeline } from './ledger-balance.ts';
import type { NewScoreEntry, ScoredLead } from './score.ts';
import type { ClickedLink, CompiledRules } from './score-rules.ts';

/** An event of the past, as far as scoring needs it. Times are milliseconds since 1970. */
export interface PastEvent {
  id: number;
  kind: RecordedKind;
  class: HitClass;
  at: number;
  deliveryId: number | null;
  linkNumber: number | null;
  link: ClickedLink | null;
  /** What was kept with it: the circumstances, the name of a form or file, the outcome. Null for opens and clicks. */
  details: Readonly<Record<string, unknown>> | null;
}

/** Points that came from no event: given when the lead was brought in. */
export interface GivenPoints {
  at: number;
  points: number;
}

export interface LeadHistory {
  id: number;
  isCustomer: boolean;
  /** In order of time, those of one moment in order of recording. */
  events: readonly PastEvent[];
  given: readonly GivenPoints[];
}

export interface PastCrossing {
  at: number;
  score: number;
  rule: string;
}

export interface Replayed {
  score: number;
  crossings: PastCrossing[];
  /** The stage the lead would have at the end. */
  stage: Stage;
  /** Events that were looked at. */
  events: number;
}

export interface ReplayOptions {
  /**
   * 'kept': what sales had, when and how it ended is taken as it was, and only points are worked out anew: gives the
   * present score. 'supposed': who becomes an SQL is worked out too, and an answer of sales counts only for who
   * would have been with sales.
   */
  stages: 'kept' | 'supposed';
  /** The last moment that fading was written for, in milliseconds; null when it never was. When supposing, it goes on. */
  fadedUntil: number | null;
  /** Told each entry that an act would have made, and the event it came from. */
  onEntry?: (entry: NewScoreEntry, eventId: number) => void;
}

const NO_HIT: Hit = { method: 'GET', ip: null, userAgent: null, purpose: null };

/**
 * Goes through a lead's whole history by the rules of `book`, with the same decisions that the live ledger takes: the
 * rule of each act, once per cause, caps, the floor, fading and (supposed) the crossing to SQL. Changes nothing.
 */
export function replayLead(history: LeadHistory, book: CompiledRules, options: ReplayOptions): Replayed {
  const { scoring } = book;
  const isSupposed = options.stages === 'supposed';
  const counted = new Set<string>();
  const isCounted = (key: string) => counted.has(key);
  const crossings: PastCrossing[] = [];
  // Fading needs the acts one by one; without it the lead's own score is enough.
  const fadesUntil = isSupposed ? Number.POSITIVE_INFINITY : (options.fadedUntil ?? Number.NEGATIVE_INFINITY);
  const walk = scoring.halfLifeDays === null ? null : startTimeline(scoring, fadesUntil);
  let lead: ScoredLead = {
    id: history.id,
    status: 'active',
    stage: history.isCustomer && !wasWon(history) ? 'customer' : 'mql',
    isCustomer: history.isCustomer && !wasWon(history),
    score: 0,
    mailsSent: 0,
    hasOpenQualification: false,
    hasActed: false,
    inDoubt: new Map(),
    round: 0,
    ...(book.hasCaps ? { roundPoints: new Map() } : {}),
  };
  const give = ({ at, points }: GivenPoints) => {
    walk?.add(at, points);
    lead.score = walk ? walk.score : Math.max(lead.score + points, Math.min(scoring.floor, lead.score));
  };
  let given = 0;

  for (const event of history.events) {
    while (given < history.given.length && history.given[given]!.at <= event.at)
      give(history.given[given++]!);
    if (event.kind === 'unsubscribe') lead.status = 'unsubscribed';
    else if (event.kind === 'confirm') lead.status = 'active';
    if (event.kind === 'outcome' && isSupposed && lead.stage !== 'sql') continue;
    const leadEvent = pastLeadEvent(event, history.id);
    if (leadEvent === null) continue;
    if (event.kind === 'mail-sent') {
      if (event.details?.again === true) continue;
      place(lead, event, isSupposed);
    } else if (event.kind === 'form') lead.round = Number(event.details?.round ?? 0);
    if (walk) {
      walk.fade(event.at);
      lead.score = walk.score;
    }
    const taken = applyEvent(lead, leadEvent, event.link, isCounted, book);
    const entry = taken.entries[0];
    if (entry) {
      counted.add(entry.dedupeKey);
      options.onEntry?.(entry, event.id);
    }
    if (event.kind === 'mail-sent') counted.add(`mail:d${event.deliveryId}`);
    lead = taken.lead;
    if (walk && entry) {
      if (leadEvent.kind === 'returned') walk.resetAfterReturn(event.at);
      else walk.add(event.at, entry.points);
      lead.score = walk.score;
    }
    if (event.kind === 'outcome') lead = backFromSales(lead, event);
    if (taken.qualificationTrigger && isSupposed)
      crossings.push({
        at: event.at,
        score: taken.qualificationTrigger.score,
        rule: taken.qualificationTrigger.rule,
      });
    else if (taken.qualificationTrigger)
      lead = { ...lead, stage: lead.isCustomer ? 'customer' : 'mql', hasOpenQualification: false };
  }
  for (; given < history.given.length; given++) give(history.given[given]!);
  if (walk && options.fadedUntil !== null) walk.fade(options.fadedUntil);
  return {
    score: walk ? walk.score : lead.score,
    crossings,
    stage: lead.stage,
    events: history.events.length,
  };
}

/** Who was won in this history was no customer before. */
function wasWon({ events }: LeadHistory): boolean {
  return events.some(({ kind, details }) => kind === 'outcome' && details?.outcome === 'won');
}

/** What the mail found. Whether the lead was with sales is supposed or as it was; that it was a customer is a fact. */
function place(lead: ScoredLead, { details }: PastEvent, isSupposed: boolean): void {
  const stage = details?.stage;
  if (!isSupposed || (stage === 'customer' && lead.stage === 'mql'))
    lead.stage = stage === 'sql' || stage === 'customer' ? stage : 'mql';
  if (typeof details?.number === 'number') lead.mailsSent = details.number - 1;
}

function backFromSales(lead: ScoredLead, { details }: PastEvent): ScoredLead {
  const isCustomer = lead.isCustomer || details?.outcome === 'won';
  return {
    ...lead,
    isCustomer,
    stage: isCustomer ? 'customer' : 'mql',
    hasOpenQualification: false,
    round: Number(details?.qualificationId ?? lead.round),
  };
}

/** Null for what no rule looks at, machines' hits above all. */
export function pastLeadEvent(event: PastEvent, subscriberId: number): LeadEvent | null {
  if (event.class === 'machine') return null;
  const { kind, deliveryId, details } = event;
  const at = new Date(event.at);
  const verdict = { class: event.class, reasons: [] };
  const texts = {};
  switch (kind) {
    case 'open':
      return deliveryId === null ? null : { kind, at, deliveryId, hit: NO_HIT, verdict };
    case 'click':
      return deliveryId === null || event.linkNumber === null
        ? null
        : { kind, at, deliveryId, linkNumber: event.linkNumber, hit: NO_HIT, verdict };
    case 'mail-sent':
      return deliveryId === null ? null : { kind, at, subscriberId, deliveryId };
    case 'form':
      return { kind, at, subscriberId, deliveryId, form: String(details?.form), hit: NO_HIT, details: texts };
    case 'download':
      return {
        kind,
        at,
        subscriberId,
        name: String(details?.name),
        hit: NO_HIT,
        isTyped: details?.typed === true,
      };
    case 'visit':
      return { kind, at, subscriberId, page: String(details?.page), hit: NO_HIT, details: texts, verdict };
    case 'touchpoint':
      return { kind, at, subscriberId, name: String(details?.name), details: texts };
    case 'outcome':
      return {
        kind: 'returned',
        at,
        subscriberId,
        qualificationId: Number(details?.qualificationId),
        outcome: details?.outcome as OutcomeStatus,
        staffEmail: '',
      };
    case 'confirm':
    case 'unsubscribe':
      return null;
  }
}
