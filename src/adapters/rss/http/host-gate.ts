import { setTimeout as sleep } from 'node:timers/promises';

/** Lets so many at a time in per host; the others wait in line. */
export interface HostGate {
  /** Resolves when there is room; call what it gives when done, once or more. A signal that ends the waiting rejects. */
  enter(host: string, signal?: AbortSignal): Promise<() => void>;
}

/** Places at hosts that several processes share. */
export interface HostConnectionLeases {
  /** Gives what gives the place back, or null while all are taken. */
  take(host: string): Promise<(() => Promise<void>) | null>;
}

/** Connections to one host at once: what browsers of old kept to, and servers of feeds still expect. */
export const CONNECTIONS_PER_HOST = 2;

export function hostGate(most = CONNECTIONS_PER_HOST): HostGate {
  const inside = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  const leave = (host: string) => {
    const next = waiting.get(host)?.shift();
    // The place is handed on, so the number inside stays.
    if (next) return next();
    waiting.delete(host);
    const left = (inside.get(host) ?? 1) - 1;
    if (left === 0) inside.delete(host);
    else inside.set(host, left);
  };
  return {
    async enter(host) {
      const count = inside.get(host) ?? 0;
      if (count < most) inside.set(host, count + 1);
      else {
        await new Promise<void>((go) => {
          const line = waiting.get(host) ?? [];
          line.push(go);
          waiting.set(host, line);
        });
      }
      let isInside = true;
      return () => {
        if (isInside) leave(host);
        isInside = false;
      };
    },
  };
}

/** Lines of feeds are a process's own; connections to hosts are counted over all. */
export const FEED_LINE = 'feed ';
const ASK_AGAIN_MS = 100;

/** A gate that lets in so many of all processes together: in this process's line first, then at a shared place. */
export function sharedGate(gate: HostGate, places: HostConnectionLeases): HostGate {
  return {
    async enter(host, signal) {
      const leave = await gate.enter(host, signal);
      if (host.startsWith(FEED_LINE)) return leave;
      try {
        for (;;) {
          const giveBack = await places.take(host);
          if (giveBack) {
            let isInside = true;
            return () => {
              if (!isInside) return;
              isInside = false;
              // The next in line comes to a place that is free. One that cannot be given back is so after a while.
              giveBack()
                .catch(() => {})
                .finally(leave);
            };
          }
          await sleep(ASK_AGAIN_MS, undefined, signal ? { signal } : {});
        }
      } catch (error) {
        leave();
        throw signal?.aborted ? signal.reason : error;
      }
    },
  };
}
