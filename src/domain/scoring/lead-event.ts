import type { ReasonCode } from '../reason.ts';
import type { OutcomeStatus } from '../sales/outcome.ts';
import type { Hit, HitClass, NetworkSign, Verdict } from '../tracking/hit.ts';

/** The forms that make an SQL at once. */
export type SqlForm = 'call-back' | 'contact' | 'order';

/** Somebody or something asked for what stands in a mail. */
interface MailEvent {
  at: Date;
  deliveryId: number;
  hit: Hit;
  verdict: Verdict;
  /** What the request showed by itself. Left out: what the verdict says. */
  arrivedAs?: HitClass;
  /** A UUID made where it came in: the same one is recorded once. */
  key?: string;
  /** Seen at arrival: they speak for a machine and do not prove one by themselves. */
  signs?: readonly NetworkSign[];
}

/**
 * Something that happened to a lead: what the ledger is fed with. Each becomes one event; the rules decide
 * whether it also becomes a score entry.
 */
export type LeadEvent =
  | { kind: 'mail-sent'; at: Date; subscriberId: number; deliveryId: number }
  | ({ kind: 'open' } & MailEvent)
  | ({ kind: 'click'; linkNumber: number } & MailEvent)
  | { kind: 'confirm'; at: Date; subscriberId: number; hit: Hit }
  | { kind: 'unsubscribe'; at: Date; subscriberId: number; deliveryId: number | null; hit: Hit }
  /** A form that was sent: one of `SqlForm`, or a name the programme has rules for (webinar, demo …). */
  | {
      kind: 'form';
      at: Date;
      subscriberId: number;
      deliveryId: number | null;
      form: string;
      hit: Hit;
      details: Record<string, string>;
      key?: string;
    }
  /** `isTyped`: under a typed address, with nothing to show whose browser it was. It counts, and makes no SQL. */
  | {
      kind: 'download';
      at: Date;
      subscriberId: number;
      name: string;
      hit: Hit;
      isTyped?: boolean;
      key?: string;
    }
  /** A page of the company's site, looked at by a reader who allowed it. */
  | {
      kind: 'visit';
      at: Date;
      subscriberId: number;
      /** Its whole address without the query. */
      page: string;
      hit: Hit;
      /** referrer, utm_*; `click` is the key of the click that led here: what that is taken for, the visit is too. */
      details: Record<string, string>;
      /** Left out: a person's. */
      verdict?: Verdict;
      key?: string;
    }
  /** Met or told elsewhere: a trade fair, a phone call, another program's event. Counts as an act of the lead. */
  | {
      kind: 'touchpoint';
      at: Date;
      subscriberId: number;
      /** trade-fair, phone-call …: what rules name. */
      name: string;
      details: Record<string, string>;
      key?: string;
    }
  /** Sales sent the lead back (or won it): the score is set to the programme's value by one more entry. */
  | {
      kind: 'returned';
      at: Date;
      subscriberId: number;
      qualificationId: number;
      outcome: OutcomeStatus;
      staffEmail: string;
    };

/** What a score rule can ask of an event, beside its kind. */
export type RuleField = 'role' | 'target' | 'urls' | 'interests' | 'pages' | 'names';

/** What every part of the program must know of a kind of event. */
interface EventKind {
  /** What the person did on purpose: it may make an SQL. */
  isAct: boolean;
  /** The lead itself did it, if only load images. What others did may take points and counts where it stands in time. */
  isByLead: boolean;
  /** After it the lead may be over the threshold. */
  mayQualify: boolean;
  /** It always belongs to one mail, so that it can count once per mail. */
  isOfMail: boolean;
  /** What a rule calls it and may ask of it; null: no rule looks at it. */
  rule: { name: ReasonCode; fields: readonly RuleField[] } | null;
  /** What another program must tell with it; null: other programs cannot tell it. */
  byApi: 'name' | 'page' | null;
  /** The timeline of a profile shows it by what it brought about, and not once more as an event. */
  isShownOtherwise: boolean;
  /** What the database calls it. */
  recordedAs: string;
}

/**
 * All kinds of events. A new kind does not compile before it stands here and in every place that looks at events by kind;
 * schemas, the API and the pages take theirs from this table.
 */
// biome-ignore format: a table
export const EVENT_KINDS = {
  'mail-sent': { isAct: false, isByLead: false, mayQualify: true, isOfMail: true, rule: { name: 'rule.mail-sent', fields: [] }, byApi: null, isShownOtherwise: true, recordedAs: 'mail-sent' },
  open: { isAct: false, isByLead: true, mayQualify: true, isOfMail: true, rule: { name: 'rule.open', fields: [] }, byApi: null, isShownOtherwise: false, recordedAs: 'open' },
  click: { isAct: true, isByLead: true, mayQualify: true, isOfMail: true, rule: { name: 'rule.click', fields: ['role', 'target', 'urls', 'interests'] }, byApi: null, isShownOtherwise: false, recordedAs: 'click' },
  form: { isAct: true, isByLead: true, mayQualify: true, isOfMail: false, rule: { name: 'rule.form', fields: ['names'] }, byApi: 'name', isShownOtherwise: false, recordedAs: 'form' },
  download: { isAct: true, isByLead: true, mayQualify: true, isOfMail: false, rule: { name: 'rule.download', fields: ['names'] }, byApi: 'name', isShownOtherwise: false, recordedAs: 'download' },
  visit: { isAct: true, isByLead: true, mayQualify: true, isOfMail: false, rule: { name: 'rule.visit', fields: ['pages'] }, byApi: 'page', isShownOtherwise: false, recordedAs: 'visit' },
  touchpoint: { isAct: true, isByLead: true, mayQualify: true, isOfMail: false, rule: { name: 'rule.touchpoint', fields: ['names'] }, byApi: 'name', isShownOtherwise: false, recordedAs: 'touchpoint' },
  confirm: { isAct: true, isByLead: true, mayQualify: true, isOfMail: false, rule: null, byApi: null, isShownOtherwise: true, recordedAs: 'confirm' },
  unsubscribe: { isAct: true, isByLead: true, mayQualify: true, isOfMail: false, rule: null, byApi: null, isShownOtherwise: true, recordedAs: 'unsubscribe' },
  returned: { isAct: false, isByLead: false, mayQualify: false, isOfMail: false, rule: null, byApi: null, isShownOtherwise: true, recordedAs: 'outcome' },
} as const satisfies Record<LeadEvent['kind'], EventKind>;

type Kind = LeadEvent['kind'];
type Table = typeof EVENT_KINDS;
/** What score rules can be about. */
export type RuledKind = { [K in Kind]: Table[K]['rule'] extends null ? never : K }[Kind];
/** What other programs can tell. */
export type ApiKind = { [K in Kind]: Table[K]['byApi'] extends null ? never : K }[Kind];
/** What the database calls it. */
export type RecordedKind = Table[Kind]['recordedAs'];

/** The kinds that the table says this of, in its order. */
export function eventKinds(fits: (row: EventKind) => boolean): Kind[] {
  return (Object.keys(EVENT_KINDS) as Kind[]).filter((kind) => fits(EVENT_KINDS[kind]));
}

export const RULED_KINDS = eventKinds(({ rule }) => rule !== null) as RuledKind[];
export const API_KINDS = eventKinds(({ byApi }) => byApi !== null) as ApiKind[];

const recorded = (fits: (row: EventKind) => boolean) =>
  eventKinds(fits).map((kind) => EVENT_KINDS[kind].recordedAs);
/** What the database calls those that are no act, and those that the lead did not do. */
export const RECORDED_NO_ACTS: readonly RecordedKind[] = recorded(({ isAct }) => !isAct);
export const RECORDED_NOT_BY_LEAD: readonly RecordedKind[] = recorded(({ isByLead }) => !isByLead);
