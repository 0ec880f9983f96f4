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

/** Which workers there are. The database's clock counts here: those of machines differ. */
export interface WorkerStore {
  /** Says that the worker is there. */
  beat(worker: WorkerIdentity, steadyMs: number): Promise<void>;
  /** It has handed back all that it held, and ends. */
  leave(name: string): Promise<void>;
  /** Other workers of the machine that are not known to be gone. */
  neighbours(worker: WorkerIdentity): Promise<{ name: string; process: string }[]>;
  /** Their processes have ended. */
  noteGone(names: readonly string[]): Promise<void>;
  /**
   * Ends the leases of all that dead workers hold: those known to be gone, and, as `judge` sees it, those not heard of. Says
   * how many leases that were.
   */
  endLeasesOfDead(judge: string, patience: Patience, now: Date): Promise<number>;
}
