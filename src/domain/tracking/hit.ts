import type { Reason } from '../reason.ts';

/** What the network of a request shows: it belongs to a mail scanner, or to a data centre. */
export type NetworkSign = 'scanner' | 'data-centre';

/** A request as it came in, kept raw with the event. */
export interface Hit {
  method: string;
  /** The whole address while the request is answered; what is stored is its network, shortened or hashed. */
  ip: string | null;
  userAgent: string | null;
  /** Values of Sec-Purpose, Purpose or X-Moz, when sent. */
  purpose: string | null;
}

/** Doubtful: it may be a keen reader's or a machine's. It counts, and makes no SQL until it is known. */
export type HitClass = 'human' | 'machine' | 'proxied' | 'doubtful';
export interface Verdict {
  class: HitClass;
  /** With a person's: what speaks against it, and for it. It makes an SQL, and sales is told of the doubt. */
  reasons: Reason[];
}

/** An open or a click as the web process writes it down, before anything is known of the mail. */
export interface RecordedHit {
  key: string;
  kind: 'open' | 'click';
  deliveryId: number;
  linkNumber: number | null;
  at: Date;
  method: string;
  /** Shortened or hashed. */
  network: string | null;
  userAgent: string | null;
  verdict: Verdict;
  signs: NetworkSign[];
}
