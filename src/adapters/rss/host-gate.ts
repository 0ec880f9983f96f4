/** Lets so many at a time in per host; the others wait in line. */
export interface HostGate {
  /** Resolves when there is room; call what it gives when done, once or more. */
  enter(host: string): Promise<() => void>;
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
