/** A request as it came in, kept raw with the event. */
export interface Hit {
  method: string;
  ip: string | null;
  userAgent: string | null;
  /** Values of Sec-Purpose, Purpose or X-Moz, when sent. */
  purpose: string | null;
}

export type HitClass = 'human' | 'machine' | 'proxied';
export interface Verdict {
  class: HitClass;
  reasons: string[];
}

/** The forms that make an SQL at once. */
export type SqlForm = 'call-back' | 'contact' | 'order';

/**
 * Something that happened to a lead: what the ledger is fed with. Each becomes one event; the rules decide
 * whether it also becomes a score entry.
 */
export type Happening =
  | { kind: 'mail-sent'; at: Date; subscriberId: number; deliveryId: number }
  | { kind: 'open'; at: Date; deliveryId: number; hit: Hit; verdict: Verdict }
  | { kind: 'click'; at: Date; deliveryId: number; linkNumber: number; hit: Hit; verdict: Verdict }
  | { kind: 'confirm'; at: Date; subscriberId: number; hit: Hit }
  | { kind: 'unsubscribe'; at: Date; subscriberId: number; deliveryId: number | null; hit: Hit }
  /** A form that makes an SQL at once. */
  | {
      kind: 'form';
      at: Date;
      subscriberId: number;
      deliveryId: number | null;
      form: SqlForm;
      hit: Hit;
      details: Record<string, string>;
    }
  | { kind: 'download'; at: Date; subscriberId: number; name: string; hit: Hit }
  /** Sales sent the lead back (or won it): the score is set to the programme's value by one more entry. */
  | {
      kind: 'returned';
      at: Date;
      subscriberId: number;
      qualificationId: number;
      outcome: string;
      staffEmail: string;
    };
