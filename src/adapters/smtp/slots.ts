/** The connections that may be open at once, shared by all who send. */
export interface Slots {
  readonly most: number;
  /** Waits for a free one. */
  take(): Promise<void>;
  /** Takes one if it is free at once. */
  tryTake(): boolean;
  free(): void;
  /** How many wait: whoever holds one for longer should come to an end. */
  waiting(): number;
  inUse(): number;
}

export function makeSlots(most: number): Slots {
  const waiting: (() => void)[] = [];
  let inUse = 0;
  return {
    most,
    async take() {
      if (inUse < most) inUse += 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    tryTake() {
      if (inUse >= most || waiting.length > 0) return false;
      inUse += 1;
      return true;
    },
    free() {
      const next = waiting.shift();
      if (next) next();
      else inUse -= 1;
    },
    waiting: () => waiting.length,
    inUse: () => inUse,
  };
}
