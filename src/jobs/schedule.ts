import { StoreAway } from '../domain/store-away.ts';
import { handOnDueFeeds } from '../journey/content/collect-feed.ts';
import { learnFromClicks } from '../journey/content/learn-from-clicks.ts';
import { watchFeeds } from '../journey/content/watch-feeds.ts';
import { watchIssues } from '../journey/delivery/control-issue.ts';
import { takeOver } from '../journey/delivery/deliver/take-over.ts';
import { finishIssues, type PlanDeps, planDueIssues } from '../journey/delivery/plan-issue.ts';
import type { Queue, Say } from '../journey/ports.ts';
import { applyReturns, forgetReturns } from '../journey/returns/apply-returns.ts';
import type { ReturnReader } from '../journey/returns/ports/returns.ts';
import { remindSales } from '../journey/sales/remind-sales.ts';
import { warmAccounts } from '../journey/sales/warm-accounts.ts';
import { countDownloads } from '../journey/scoring/count-downloads.ts';
import { fadeScores } from '../journey/scoring/fade-scores.ts';
import { measureFit } from '../journey/scoring/measure-fit.ts';
import type { Recorded } from '../journey/scoring/ports/ledger.ts';
import { lookUpMailDomains } from '../journey/tracking/look-up-mail-domains.ts';
import type { MailExchangers } from '../journey/tracking/ports/hits.ts';
import { remindOfAlerts } from '../journey/tracking/record-hits.ts';

export interface ScheduleDeps extends PlanDeps {
  queue: Queue;
  /** Takes in hits that have arrived. */
  processHits: () => Promise<{ taken: number } & Recorded>;
  exchangers: MailExchangers;
  say: Say;
  secrets: readonly string[];
  publicUrl: string;
  returnPathDomain: string | null;
  readReturn?: ReturnReader;
  now: () => Date;
}

export interface RunningSchedule {
  /** No further tick begins; resolves when the one under way has ended. */
  stop(): Promise<void>;
}

/** As many deliveries as one job claims; see journey/delivery/deliver/deliver-issues.ts. */
const BATCH_SIZE = 500;

/**
 * What makes Simmer go on by itself, in every worker: each tick looks in Postgres for what is due and hands it on. Any number
 * of workers may do so at the same time: every step is guarded in SQL, and a doubled job finds nothing to do.
 */
export function startSchedule(deps: ScheduleDeps, { everyMs }: { everyMs: number }): RunningSchedule {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const lookUps = makeLookUps(deps);
  const run = async () => {
    await tick(deps);
    lookUps.begin();
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
      await lookUps.ended();
    },
  };
}

/** One look at everything that may be due. A step that fails is logged; the others go on, and the next tick tries it again. */
export async function tick(deps: ScheduleDeps): Promise<void> {
  const now = deps.now();
  const steps: Record<string, () => Promise<unknown>> = {
    'take over what dead workers left': () => takeOver(deps, now),
    'let domains recover': () => deps.database.stores.pace.forgetRecovered(now),
    'take in hits': () => takeInWaiting(deps),
    'learn from clicks': () => learnFromClicks(deps, now),
    'plan issues': () => planDueIssues(deps, now),
    'hand on deliveries': () => handOnDeliveries(deps, now),
    'count downloads': () => countDownloads(deps),
    'let scores fade': () => fadeScores(deps, now),
    'measure how leads fit': () =>
      measureFit({ rules: deps.database.stores.rules, programme: deps.programme }),
    'remind sales': () => remindSales(deps, now),
    'see which accounts are warm': () => warmAccounts(deps, now),
    'hand on one-off mails': () => deps.queue.add({ name: 'send-outbox' }, { key: 'send-outbox' }),
    'hand on webhook messages': () => deps.queue.add({ name: 'send-webhooks' }, { key: 'send-webhooks' }),
    'hand on feeds': () => handOnDueFeeds(deps, now),
    'tell of feeds in trouble': () => watchFeeds(deps, now),
    'hand on imports of people': () => handOnImports(deps),
    'apply what came back': () => applyReturns(deps, now),
    'forget what came back to nobody': () => forgetReturns(deps, now),
    'watch for failures': () => watchIssues(deps, now),
    'finish issues': () => finishIssues(deps, now),
  };
  for (const [step, run] of Object.entries(steps)) {
    try {
      await run();
    } catch (error) {
      deps.log.error({ err: error, step }, 'a step of the schedule failed; the next tick tries it again');
      // The others would fare no better.
      if (error instanceof StoreAway) return;
    }
  }
}

/** One that was broken off goes on where it stopped. */
async function handOnImports({ database, queue }: ScheduleDeps): Promise<void> {
  for (const importId of await database.stores.imports.running()) {
    await queue.add({ name: 'import-people', importId }, { key: `import-people ${importId}` });
  }
}

/** One job per batch. The number in the key lets several wait for one issue, and the same one only once. */
async function handOnDeliveries({ database, queue }: ScheduleDeps, now: Date): Promise<void> {
  for (const { issueId, due } of await database.stores.issues.withDueDeliveries(now)) {
    for (let batch = 0; batch < Math.ceil(due / BATCH_SIZE); batch++) {
      await queue.add({ name: 'deliver-issue', issueId }, { key: `deliver-issue ${issueId} ${batch}` });
    }
  }
}

/** Hits are taken in by the web process that wrote them down; here, those of one that is gone. */
async function takeInWaiting(deps: ScheduleDeps): Promise<void> {
  for (;;) {
    const { taken, qualified } = await deps.processHits();
    await remindOfAlerts(deps, qualified);
    if (taken === 0) return;
  }
}

/** Finding the domains that are due reads all readers. */
const LOOK_UP_EVERY_MS = 60_000;

/** Looks up mail domains beside the ticks: DNS may be slow, and nothing else waits for it. One run at a time. */
function makeLookUps(deps: ScheduleDeps) {
  const { database, exchangers, programme, log } = deps;
  const stage = {
    mailDomains: database.stores.mailDomains,
    exchangers,
    gateways: programme.machines.gateways,
    log,
  };
  let notBefore = 0;
  let current: Promise<unknown> | null = null;
  return {
    begin() {
      const now = deps.now();
      if (current || now.getTime() < notBefore) return;
      notBefore = now.getTime() + LOOK_UP_EVERY_MS;
      current = lookUpMailDomains(stage, now)
        .catch((err) => log.error({ err }, 'mail domains could not be looked up'))
        .finally(() => {
          current = null;
        });
    },
    ended: () => current ?? Promise.resolve(),
  };
}
