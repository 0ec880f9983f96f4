import type { ArrivedHit, Happening, Verdict } from '../../domain/engagement/happening.ts';
import {
  type JudgeSettings,
  judgeMail,
  judgeReachMs,
  type MailHit,
} from '../../domain/engagement/judge-mail.ts';
import type { Database } from '../ports.ts';
import type { ClassChange, HeldMail, Recorded } from './ports.ts';

export interface TakeInDeps {
  database: Pick<Database, 'inTransaction'>;
  machines: JudgeSettings;
}

/** Enough to make the statements cheap, few enough to hold leads, and this process, only for a moment. */
const MOST_AT_ONCE = 500;

/** What a hit is taken for depends on those around it, and on what stands around those. In reaches. */
const NEIGHBOURS_OF_NEIGHBOURS = 3;

/**
 * Takes in hits that have arrived: each becomes an event and, if a person's, points. All hits of a mail are looked at
 * together, the earlier ones too; what turns out to be a scanner's loses its points again. One transaction. Says how many
 * hits it took: 0 means that none wait, or that others hold them.
 */
export async function takeInArrivals(
  { database, machines }: TakeInDeps,
  now: Date,
): Promise<{ taken: number } & Recorded> {
  return database.inTransaction(async ({ arrivals, ledger }) => {
    const hits = await arrivals.take(MOST_AT_ONCE);
    if (hits.length === 0) return { taken: 0, qualified: [] };
    const times = hits.map(({ at }) => at.getTime());
    const span = { from: new Date(Math.min(...times)), to: new Date(Math.max(...times)) };
    const byDelivery = new Map<number, ArrivedHit[]>();
    for (const hit of hits) byDelivery.set(hit.deliveryId, [...(byDelivery.get(hit.deliveryId) ?? []), hit]);
    const reachMs = judgeReachMs(machines);
    const mails = await ledger.holdMails([...byDelivery.keys()], span, NEIGHBOURS_OF_NEIGHBOURS * reachMs);

    const verdicts = new Map<string, Verdict>();
    const changes: ClassChange[] = [];
    for (const mail of mails) judge(mail, byDelivery.get(mail.deliveryId) ?? [], machines, verdicts, changes);
    // First what is taken back: a crossing must not stand on points that are about to go.
    const before = changes.length > 0 ? await ledger.reclass(changes, now) : { qualified: [] };
    const recorded = await ledger.record(hits.map((hit) => happeningOf(hit, verdicts.get(hit.key))));
    return { taken: hits.length, qualified: [...before.qualified, ...recorded.qualified] };
  });
}

/**
 * Judges a mail's hits together. Those near the ones that came in may be taken for something else now, a machine's for a
 * person's too: what is around them is known as well.
 */
function judge(
  mail: HeldMail,
  arrived: ArrivedHit[],
  machines: JudgeSettings,
  verdicts: Map<string, Verdict>,
  changes: ClassChange[],
): void {
  const fresh: MailHit[] = arrived.map((hit) => ({ ...hit, class: hit.verdict.class, agent: hit.userAgent }));
  const found = judgeMail(mail.facts, [...mail.hits, ...fresh], machines);
  const reachMs = judgeReachMs(machines);
  const times = arrived.map(({ at }) => at.getTime());
  const [from, to] = [Math.min(...times) - reachMs, Math.max(...times) + reachMs];
  for (const [place, { eventId, at, class: arrivedAs, takenFor }] of mail.hits.entries()) {
    const verdict = found.get(place) ?? { class: arrivedAs, reasons: [] };
    const isNear = at.getTime() >= from && at.getTime() <= to;
    if (verdict.class !== takenFor && isNear && (mail.isWhole || verdict.class === 'machine'))
      changes.push({ eventId, verdict });
  }
  for (const [place, { key }] of arrived.entries()) {
    const verdict = found.get(mail.hits.length + place);
    if (verdict) verdicts.set(key, verdict);
  }
}

function happeningOf(arrived: ArrivedHit, judged: Verdict | undefined): Happening {
  const { key, at, deliveryId, signs, method, network, userAgent } = arrived;
  const verdict = judged ?? arrived.verdict;
  const hit = { method, ip: network, userAgent, purpose: null };
  const common = { key, at, deliveryId, signs, hit, verdict, arrivedAs: arrived.verdict.class };
  return arrived.kind === 'open'
    ? { kind: 'open', ...common }
    : { kind: 'click', linkNumber: arrived.linkNumber ?? -1, ...common };
}
