import type { RecordedHit, Verdict } from '../../../domain/tracking/hit.ts';
import { type JudgeSettings, judgeMail, judgeReachMs } from '../../../domain/tracking/judge-mail.ts';
import type { MailHit } from '../../../domain/tracking/mail-hit.ts';
import type { ClassChange } from '../../scoring/ports/ledger.ts';
import type { HeldMail } from '../ports/hits.ts';

/** What a hit is taken for depends on those around it, and on what stands around those. In reaches. */
const NEIGHBOURS_OF_NEIGHBOURS = 3;

/** How far around hits the others of their mail have to be known. Milliseconds. */
export const neighboursMs = (machines: JudgeSettings): number =>
  NEIGHBOURS_OF_NEIGHBOURS * judgeReachMs(machines);

export interface Judged {
  /** Of hits that were recorded already: what is something else now. */
  changes: ClassChange[];
  /** By key, of those that have just arrived. What is as it arrived is left out. */
  verdicts: Map<string, Verdict>;
}

/**
 * Judges a mail's hits together. Those near `around` may be taken for something else now, a machine's for a person's too:
 * what is around them is known as well.
 */
export function judgeHeld(
  mail: HeldMail,
  arrived: readonly RecordedHit[],
  around: { from: Date; to: Date },
  machines: JudgeSettings,
): Judged {
  const fresh: MailHit[] = arrived.map((hit) => ({ ...hit, class: hit.verdict.class, agent: hit.userAgent }));
  const found = judgeMail(mail.facts, [...mail.hits, ...fresh], machines);
  const reachMs = judgeReachMs(machines);
  const [from, to] = [around.from.getTime() - reachMs, around.to.getTime() + reachMs];
  const changes: ClassChange[] = [];
  for (const [place, hit] of mail.hits.entries()) {
    const verdict = inHand(mail, hit, found.get(place) ?? { class: hit.class, reasons: [] });
    const isNear = hit.at.getTime() >= from && hit.at.getTime() <= to;
    const isSure = mail.isWhole || verdict.class === 'machine';
    if (!hit.decided && isNear && isSure && isChange(hit, verdict))
      changes.push({ eventId: hit.eventId, verdict });
  }
  const verdicts = new Map<string, Verdict>();
  for (const [place, { key }] of arrived.entries()) {
    const verdict = found.get(mail.hits.length + place);
    if (verdict) verdicts.set(key, verdict);
  }
  return { changes, verdicts };
}

/** What sales has in hand is not taken back behind its back: it is in doubt, and a person decides. */
function inHand(mail: HeldMail, { takenFor }: HeldMail['hits'][number], verdict: Verdict): Verdict {
  const isTakenBack = verdict.class === 'machine' && (takenFor === 'human' || takenFor === 'doubtful');
  return mail.isWithSales && isTakenBack ? { ...verdict, class: 'doubtful' } : verdict;
}

function isChange({ takenFor, isMarked }: HeldMail['hits'][number], verdict: Verdict): boolean {
  if (verdict.class !== takenFor) return true;
  return verdict.class === 'human' && verdict.reasons.length > 0 !== isMarked;
}
