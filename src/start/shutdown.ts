import type { loadMails } from '../adapters/mail-templates/renderer.ts';
import type { Texts } from '../adapters/templates/texts.ts';
import type { Log, Queue } from '../journey/ports.ts';
import type { Recorded } from '../journey/scoring/ports/ledger.ts';
import type { Runtime } from '../runtime.ts';

/** What web pages and workers both stand on. */
export interface RoleDeps {
  program: Runtime;
  queue: Queue;
  texts: Map<string, Texts>;
  mails: Awaited<ReturnType<typeof loadMails>>;
  /** Takes in hits that have arrived. */
  processHits: () => Promise<{ taken: number } & Recorded>;
  log: Log;
  now: () => Date;
}

/**
 * First what begins work, last what work stands on: batches are told to hand back, requests and ticks end, jobs under
 * way finish their mails.
 */
const STOP_ORDER = [
  'halt',
  'web',
  'tracking',
  'schedule',
  'queue',
  'sender',
  'inbox',
  'returns',
  'presence',
  'connections',
  'program',
] as const;

type Part = (typeof STOP_ORDER)[number];

/** What has been started, and how each part is closed. */
export interface RunningParts {
  /** Registered as soon as it runs, so that it is closed also when a later part cannot start. */
  hold(part: Part, close: () => unknown): void;
  /** Every part is closed, whatever happens to the one before; the first failure is told at the end. A second call waits for the first. */
  stop(): Promise<void>;
}

export function runningParts(log: Log): RunningParts {
  const closes = new Map<Part, () => unknown>();
  const stopAll = async () => {
    const failures: unknown[] = [];
    for (const part of STOP_ORDER) {
      try {
        await closes.get(part)?.();
      } catch (error) {
        log.error({ error: String(error), part }, 'a part did not stop as it should');
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  let stopped: Promise<void> | undefined;
  return {
    hold: (part, close) => closes.set(part, close),
    stop() {
      stopped ??= stopAll();
      return stopped;
    },
  };
}
