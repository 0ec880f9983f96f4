/** A process that takes work, told from any other: also from one that later gets its number. */
export interface WorkerIdentity {
  /** As in the rows that it holds. */
  name: string;
  /** The machine since it was last switched on; null where that cannot be told. */
  boot: string | null;
  /** Its process on that machine, with its start; null where that cannot be told. */
  process: string | null;
}

export interface Patience {
  /** Who was not heard of for so long is dead. */
  silentMs: number;
  /** Only who was itself heard of without a gap for so long judges others by their silence. */
  steadyMs: number;
}

/** What a worker knows to hold: all else in its name it has lost track of, as the answer to a claim never came. */
export interface InHand {
  batches: Set<number>;
  /** One-off mails. */
  mails: Set<number>;
}

export const emptyHands = (): InHand => ({ batches: new Set(), mails: new Set() });

/** Which workers there are. The database's clock counts here: those of machines differ. */
export interface WorkerStore {
  /** Says that the worker is there. */
  beat(worker: WorkerIdentity, steadyMs: number): Promise<void>;
  /** It has handed back all that it held, and ends: what is still in its name, or comes to be, is free. */
  leave(name: string): Promise<void>;
  /** Other workers of the machine that are not known to be gone. */
  neighbours(worker: WorkerIdentity): Promise<{ name: string; process: string }[]>;
  /** Their processes have ended. */
  noteGone(names: readonly string[]): Promise<void>;
  /**
   * Ends the leases of all that dead workers hold: those known to be gone, and, as `judge` sees it, those not heard of, or never
   * heard of since they took something. Says how many leases that were.
   */
  endLeasesOfDead(judge: string, patience: Patience, now: Date): Promise<number>;
  /**
   * Ends the leases of batches and one-off mails in the worker's name that it does not know to hold, and that it took `graceMs` ago or
   * longer: the answer to a claim was lost, or its run broke off. `mailLeaseMs`: what it takes mails for, before they are handed over.
   */
  endLostLeases(
    name: string,
    inHand: Readonly<InHand>,
    times: { graceMs: number; mailLeaseMs: number },
    now: Date,
  ): Promise<number>;
}
