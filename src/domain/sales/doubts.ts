import { distinctReasons, type Reason } from '../reason.ts';
import type { HitClass } from '../tracking/hit.ts';

/** An open or a click of one of a lead's mails, as far as saying what it was needs it. */
export interface DoubtableHit {
  kind: string;
  at: Date;
  class: HitClass;
  classReasons: readonly Reason[];
  deliveryId: number | null;
  /** What the request showed by itself, where it was ever taken for something else. */
  arrivedAs: HitClass | null;
  decidedBy: string | null;
}

/** The hits of one mail of which a person may say what they were. */
export interface Doubt<Hit extends DoubtableHit = DoubtableHit> {
  deliveryId: number;
  /** 'open': nobody has said it yet. 'machine': rules are sure of a machine, and may be wrong. 'decided': somebody said it. */
  state: 'open' | 'machine' | 'decided';
  /** They make no SQL; false where more speaks for a person. */
  isHeld: boolean;
  hits: Hit[];
  reasons: Reason[];
}

/** What sales can say of a hit: nothing where the request itself showed a machine, or where nothing speaks against a person. */
export function stateOf(hit: DoubtableHit): Doubt['state'] | null {
  if ((hit.kind !== 'open' && hit.kind !== 'click') || hit.deliveryId === null) return null;
  if (hit.decidedBy != null) return 'decided';
  if (hit.class === 'doubtful' || (hit.class === 'human' && hit.classReasons.length > 0)) return 'open';
  return hit.class === 'machine' && hit.arrivedAs != null && hit.arrivedAs !== 'machine' ? 'machine' : null;
}

/** By mail, in the order in which its first hit stands in the list. A mail with hits in doubt is in doubt. */
export function doubtsOf<Hit extends DoubtableHit>(hits: readonly Hit[]): Doubt<Hit>[] {
  const mails = new Map<number, Hit[]>();
  for (const hit of hits)
    if (stateOf(hit) !== null) mails.set(hit.deliveryId!, [...(mails.get(hit.deliveryId!) ?? []), hit]);
  return [...mails].map(([deliveryId, all]) => {
    const states = all.map(stateOf);
    const state = (['open', 'decided', 'machine'] as const).find((one) => states.includes(one))!;
    const meant = all.filter((hit) => stateOf(hit) === state);
    return {
      deliveryId,
      state,
      isHeld: meant.some((hit) => hit.class === 'doubtful'),
      hits: meant,
      reasons: distinctReasons(meant.flatMap(({ classReasons }) => classReasons)),
    };
  });
}
