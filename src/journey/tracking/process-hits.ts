import type { LeadEvent } from '../../domain/scoring/lead-event.ts';
import type { RecordedHit, Verdict } from '../../domain/tracking/hit.ts';
import type { JudgeSettings } from '../../domain/tracking/judge-mail.ts';
import type { Database } from '../ports.ts';
import type { ClassChange, Recorded } from '../scoring/ports/ledger.ts';
import { judgeHeld, neighboursMs } from './judging/judge-held.ts';

export interface ProcessHitsDeps {
  database: Pick<Database, 'inTransaction'>;
  machines: JudgeSettings;
}

/** Enough to make the statements cheap, few enough to hold leads, and this process, only for a moment. */
const MOST_AT_ONCE = 500;

/**
 * Takes in hits that have arrived: each becomes an event and, if a person's, points. All hits of a mail are looked at
 * together, the earlier ones too; what turns out to be a scanner's loses its points again. One transaction. Says how many
 * hits it took: 0 means that none wait, or that others hold them.
 */
export async function processHits(
  { database, machines }: ProcessHitsDeps,
  now: Date,
): Promise<{ taken: number } & Recorded> {
  return database.inTransaction(async ({ pendingHits, ledger, heldMails }) => {
    const hits = await pendingHits.take(MOST_AT_ONCE);
    if (hits.length === 0) return { taken: 0, qualified: [] };
    const span = spanOf(hits);
    const byDelivery = new Map<number, RecordedHit[]>();
    for (const hit of hits) byDelivery.set(hit.deliveryId, [...(byDelivery.get(hit.deliveryId) ?? []), hit]);
    const mails = await heldMails.hold([...byDelivery.keys()], span, neighboursMs(machines));

    const verdicts = new Map<string, Verdict>();
    const changes: ClassChange[] = [];
    for (const mail of mails) {
      const arrived = byDelivery.get(mail.deliveryId) ?? [];
      const judged = judgeHeld(mail, arrived, spanOf(arrived), machines);
      changes.push(...judged.changes);
      for (const [key, verdict] of judged.verdicts) verdicts.set(key, verdict);
    }
    // First what is taken back: a crossing must not stand on points that are about to go.
    const before = changes.length > 0 ? await ledger.reclass(changes, now) : { qualified: [] };
    const recorded = await ledger.record(hits.map((hit) => leadEventOf(hit, verdicts.get(hit.key))));
    return { taken: hits.length, qualified: [...before.qualified, ...recorded.qualified] };
  });
}

function spanOf(hits: readonly RecordedHit[]): { from: Date; to: Date } {
  const times = hits.map(({ at }) => at.getTime());
  return { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
}

function leadEventOf(arrived: RecordedHit, judged: Verdict | undefined): LeadEvent {
  const { key, at, deliveryId, signs, method, network, userAgent } = arrived;
  const verdict = judged ?? arrived.verdict;
  const hit = { method, ip: network, userAgent, purpose: null };
  const common = { key, at, deliveryId, signs, hit, verdict, arrivedAs: arrived.verdict.class };
  return arrived.kind === 'open'
    ? { kind: 'open', ...common }
    : { kind: 'click', linkNumber: arrived.linkNumber ?? -1, ...common };
}
