/** What a run of deliveries came to. */
export interface DeliveryReport {
  batches: number;
  claimed: number;
  sent: number;
  retry: number;
  failed: number;
  uncertain: number;
  /** Not sent after all: the reader left, or the batch was taken away. */
  leftOut: number;
  handedBack: number;
  /** Put off because their domain has no place for them now. */
  postponed: number;
  /** The server could not be reached, so the rest was handed back: wait a minute before going on. */
  unreachable: boolean;
  /** A limit is reached: nothing may be sent before this. */
  notBefore: Date | null;
}

export function emptyReport(): DeliveryReport {
  return {
    batches: 0,
    claimed: 0,
    sent: 0,
    retry: 0,
    failed: 0,
    uncertain: 0,
    leftOut: 0,
    handedBack: 0,
    postponed: 0,
    unreachable: false,
    notBefore: null,
  };
}
