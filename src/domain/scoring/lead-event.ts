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
