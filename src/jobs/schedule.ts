import { handOnDueFeeds } from '../journey/content/collect-feed.ts';
import { finishIssues, type PlanDeps, planDueIssues } from '../journey/delivery/plan-issue.ts';
import type { Queue } from '../journey/ports.ts';

export interface ScheduleDeps extends PlanDeps {
  queue: Queue;
  now: () => Date;
}

export interface RunningSchedule {
  /** No further tick begins; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** As many deliveries as one job claims; see journey/delivery/deliver-batch.ts. */
const BATCH_SIZE = 500;

/**
 * What makes Simmer go on by itself, in every worker: each tick looks in Postgres for what is due and hands it on. Any number
 * of workers may do so at the same time: every step is guarded in SQL, and a doubled job finds nothing to do.
 */
export function startSchedule(deps: ScheduleDeps, { everyMs }: { everyMs: number }): RunningSchedule {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const run = async () => {
    await tick(deps);
    // Set anew after each tick, so that a slow one is never overtaken by the next.
    if (!isStopped) timer = setTimeout(next, everyMs);
  };
  let current = Promise.resolve();
  const next = () => {
    current = run();
  };
  next();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}

/** One look at everything that may be due. A step that fails is logged; the others go on, and the next tick tries it again. */
export async function tick(deps: ScheduleDeps): Promise<void> {
  const now = deps.now();
  const steps: Record<string, () => Promise<unknown>> = {
    'take over what dead workers left': () => recoverExpired(deps, now),
    'plan issues': () => planDueIssues(deps, now),
    'hand on deliveries': () => handOnDeliveries(deps, now),
    'hand on one-off mails': () => deps.queue.add({ name: 'send-outbox' }, { key: 'send-outbox' }),
    'hand on feeds': () => handOnDueFeeds(deps, now),
    'finish issues': () => finishIssues(deps, now),
  };
  for (const [step, run] of Object.entries(steps)) {
    try {
      await run();
    } catch (error) {
      deps.log.error({ err: error, step }, 'a step of the schedule failed; the next tick tries it again');
    }
  }
}

async function recoverExpired({ database, log }: ScheduleDeps, now: Date): Promise<void> {
  const found = await database.stores.deliveries.recoverExpired(now);
  if (found.handedBack + found.uncertain === 0) return;
  log.warn(found, 'a worker stopped in the middle of a batch: its deliveries were taken over');
}

/** One job per batch. The number in the key lets several wait for one issue, and the same one only once. */
async function handOnDeliveries({ database, queue }: ScheduleDeps, now: Date): Promise<void> {
  for (const { issueId, due } of await database.stores.issues.withDueDeliveries(now)) {
    for (let batch = 0; batch < Math.ceil(due / BATCH_SIZE); batch++) {
      await queue.add({ name: 'deliver-issue', issueId }, { key: `deliver-issue ${issueId} ${batch}` });
    }
  }
}
