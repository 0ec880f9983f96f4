import type { Stage, SubscriberStatus } from '../audience/subscriber.ts';
import type { Reason, ReasonCode } from '../reason.ts';
import type { HitClass } from '../tracking/hit.ts';
import type { LeadEvent } from './lead-event.ts';
import {
  type Act,
  type ClickedLink,
  type CompiledRules,
  RETURNED_RULE,
  type ScoreRule,
} from './score-rules.ts';

/** What scoring must know of a lead. The caller holds its row, so nobody else changes it meanwhile. */
export interface ScoredLead {
  id: number;
  status: SubscriberStatus;
  stage: Stage;
  isCustomer: boolean;
  score: number;
  mailsSent: number;
  hasOpenQualification: boolean;
  /** The last qualification that sales closed, 0 before the first: each round of warming starts with one. */
  round: number;
  /** The points each rule gave in this round; needed where a rule has a cap. */
  roundPoints?: ReadonlyMap<string, number>;
  /** The time of the latest entry of its ledger. */
  scoredUntil?: Date | null;
  /** … and of the latest one that depends on those before it: a return, the floor, fading. */
  orderMattersUntil?: Date | null;
  /** Did more than open mails since sales had it last. Left out where the score is too low for it to matter. */
  hasActed?: boolean;
  /** The points of causes that only hits in doubt stand for, since then: they make no SQL. Left out where it does not matter. */
  inDoubt?: ReadonlyMap<string, number>;
}

export interface NewScoreEntry {
  at: Date;
  points: number;
  rule: string;
  /** The same cause counts once: 'open:d17', 'click:d17:3'. */
  dedupeKey: string;
  cause: Reason;
  deliveryId: number | null;
}

const MAIL_SENT: Act = { event: 'mail-sent', class: 'human', link: null, name: null, page: null };
/** A machine's open counts nothing; behind a mail proxy there is usually a person. */
const OPENS: Record<HitClass, Act | null> = {
  human: { ...MAIL_SENT, event: 'open' },
  proxied: { ...MAIL_SENT, event: 'open', class: 'proxied' },
  doubtful: { ...MAIL_SENT, event: 'open' },
  machine: null,
};
/** Behind a mail proxy nobody follows links. */
const CLICKS: Record<HitClass, boolean> = { human: true, doubtful: true, proxied: false, machine: false };
const clickOf = (link: ClickedLink): Act => ({
  event: 'click',
  class: 'human',
  link,
  name: null,
  page: null,
});

/** What the rules see of an event; null for what no rule looks at. `link` is the clicked line of the link table. */
export function actOf(leadEvent: LeadEvent, link: ClickedLink | null): Act | null {
  switch (leadEvent.kind) {
    case 'mail-sent':
      return MAIL_SENT;
    case 'open':
      return OPENS[leadEvent.verdict.class];
    case 'click':
      return CLICKS[leadEvent.verdict.class] && link ? clickOf(link) : null;
    case 'form':
      return { ...MAIL_SENT, event: leadEvent.kind, name: leadEvent.form };
    case 'download':
    case 'touchpoint':
      return { ...MAIL_SENT, event: leadEvent.kind, name: leadEvent.name };
    case 'visit':
      return leadEvent.verdict?.class === 'machine'
        ? null
        : { ...MAIL_SENT, event: leadEvent.kind, page: leadEvent.page };
    case 'returned':
    case 'confirm':
    case 'unsubscribe':
      return null;
  }
}

/**
 * The name of an event's cause; a cause that has been counted is not counted again. Null: it has nothing to count.
 * `rule` is the one the event falls under. What a rule does not say is by the kind of act: opens and clicks count once
 * per mail and link, a download once per file, and a form once per round, so that a double press is one wish and a
 * wish after a return is a new one.
 */
export function dedupeKey(leadEvent: LeadEvent, round: number, rule: ScoreRule | null): string | null {
  if (leadEvent.kind === 'mail-sent') return `mail:d${leadEvent.deliveryId}`;
  if (leadEvent.kind === 'returned') return `returned:q${leadEvent.qualificationId}`;
  if (rule === null) return null;
  const deliveryId = 'deliveryId' in leadEvent ? leadEvent.deliveryId : null;
  switch (rule.often) {
    case 'once per mail':
      return `${rule.id}:d${deliveryId ?? 0}`;
    case 'once per day':
      return `${rule.id}:${leadEvent.at.toISOString().slice(0, 10)}`;
    case 'once per item':
      return `${rule.id}:${itemOf(leadEvent)}`;
    case 'once per round':
      return `${rule.id}:r${round}`;
    case 'once ever':
      return `${rule.id}:ever`;
    case 'once per mail and link':
    case null:
      return keyByKind(leadEvent, round);
  }
}

function keyByKind(leadEvent: LeadEvent, round: number): string | null {
  switch (leadEvent.kind) {
    case 'open':
      return `open:d${leadEvent.deliveryId}`;
    case 'click':
      return `click:d${leadEvent.deliveryId}:${leadEvent.linkNumber}`;
    case 'form':
      return `form:${itemOf(leadEvent)}:r${round}`;
    case 'download':
      return `download:${itemOf(leadEvent)}`;
    case 'visit':
    case 'touchpoint':
      return `${leadEvent.kind}:${itemOf(leadEvent)}:${leadEvent.at.toISOString().slice(0, 10)}`;
    case 'mail-sent':
    case 'confirm':
    case 'unsubscribe':
    case 'returned':
      return null;
  }
}

/** "#" is kept for corrections of an entry. */
function itemOf(leadEvent: LeadEvent): string {
  switch (leadEvent.kind) {
    case 'form':
      return leadEvent.form.replaceAll('#', '%23');
    case 'download':
    case 'touchpoint':
      return leadEvent.name.replaceAll('#', '%23');
    case 'visit':
      return leadEvent.page.replaceAll('#', '%23');
    case 'click':
      return `${leadEvent.deliveryId}:${leadEvent.linkNumber}`;
    case 'mail-sent':
    case 'open':
      return String(leadEvent.deliveryId);
    case 'confirm':
    case 'unsubscribe':
    case 'returned':
      return '';
  }
}

/** The rule an event falls under; null when it is worth nothing whatever was counted before. */
export function ruleOfEvent(
  leadEvent: LeadEvent,
  link: ClickedLink | null,
  book: CompiledRules,
): ScoreRule | null {
  const act = actOf(leadEvent, link);
  return act && book.ruleOf(act);
}

/**
 * The entry that an event makes by the programme's rules, or null when it makes none. It does not look whether
 * the cause was counted before: that is `dedupeKey`'s use. `link` is the clicked line of the issue's link table.
 */
export function scoreEvent(
  lead: ScoredLead,
  leadEvent: LeadEvent,
  book: CompiledRules,
  link: ClickedLink | null,
): NewScoreEntry | null {
  const rule = ruleOfEvent(leadEvent, link, book);
  return entryOf(lead, leadEvent, book, link, rule, dedupeKey(leadEvent, lead.round, rule));
}

/** The same, for who has looked up the rule and the key already. */
export function entryOf(
  lead: ScoredLead,
  leadEvent: LeadEvent,
  book: CompiledRules,
  link: ClickedLink | null,
  rule: ScoreRule | null,
  key: string | null,
): NewScoreEntry | null {
  if (leadEvent.kind === 'returned') return resetAfterReturn(lead, leadEvent, book);
  if (rule === null || key === null) return null;
  // The first mail is free, and who is in the hands of sales (or a customer) is not cooled by our writing.
  if (leadEvent.kind === 'mail-sent' && (lead.mailsSent === 0 || lead.stage !== 'mql')) return null;
  const points = withinCap(rule, lead.roundPoints?.get(rule.id) ?? 0);
  const cause = causeOf(leadEvent, link, rule, lead);
  return {
    at: leadEvent.at,
    points,
    rule: rule.id,
    dedupeKey: key,
    cause:
      points === rule.points
        ? cause
        : {
            code: 'score.cut',
            values: { cause, before: rule.points, now: points, cap: rule.cap ?? points },
          },
    deliveryId: 'deliveryId' in leadEvent ? leadEvent.deliveryId : null,
  };
}

/** `given` are the points that the rule gave in this round. */
export function withinCap({ points, cap }: Pick<ScoreRule, 'points' | 'cap'>, given: number): number {
  if (cap === null) return points;
  const left = Math.min(Math.abs(points), Math.max(0, cap - Math.abs(given)));
  return left === 0 ? 0 : Math.sign(points) * left;
}

function resetAfterReturn(
  lead: ScoredLead,
  leadEvent: Extract<LeadEvent, { kind: 'returned' }>,
  { scoring }: CompiledRules,
): NewScoreEntry {
  return {
    at: leadEvent.at,
    points: scoring.scoreAfterReturn - lead.score,
    rule: RETURNED_RULE,
    dedupeKey: `returned:q${leadEvent.qualificationId}`,
    cause: {
      code: 'score.returned',
      values: { answer: leadEvent.outcome, n: scoring.scoreAfterReturn },
    },
    deliveryId: null,
  };
}

function causeOf(leadEvent: LeadEvent, link: ClickedLink | null, rule: ScoreRule, lead: ScoredLead): Reason {
  switch (leadEvent.kind) {
    case 'mail-sent':
      return { code: 'score.mail-sent', values: { n: lead.mailsSent + 1 } };
    case 'open':
      return { code: 'score.opened' };
    case 'click':
      return link ? { code: LINK_CODES[link.role], values: { what: link.label } } : rule.name;
    case 'download':
      return { code: 'score.download', values: { what: leadEvent.name } };
    case 'visit':
      return { code: 'score.visit', values: { what: leadEvent.page } };
    case 'form':
    case 'touchpoint':
    case 'confirm':
    case 'unsubscribe':
    case 'returned':
      return rule.name;
  }
}

const LINK_CODES = {
  article: 'score.article',
  'call-to-action': 'score.button',
  footer: 'score.footer',
} as const satisfies Record<ClickedLink['role'], ReasonCode>;
