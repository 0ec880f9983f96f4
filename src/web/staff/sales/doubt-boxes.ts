import type { Tell } from '../../../domain/reason-text.ts';
import type { Profile } from '../../../journey/sales/show-profile.ts';

/** A mail on a profile of which staff may say what followed its links. */
export interface DoubtBox {
  deliveryId: number;
  digest: string;
  sentAt: Date | null;
  state: 'open' | 'machine' | 'decided';
  isHeld: boolean;
  clicks: number;
  opens: number;
  /** What was followed. */
  links: string[];
  /** What speaks for a machine, and for a person, in the language of the page. */
  reasons: string[];
  decidedBy: string | null;
  /** What somebody said it was, or what rules take it for. */
  was: 'person' | 'machine' | null;
}

/** What is in doubt first, then what was said, then what rules are sure of. */
export function doubtBoxes(
  doubts: Profile['doubts'],
  tell: Tell,
  digest: (id: string) => string,
): { open: DoubtBox[]; others: DoubtBox[] } {
  const boxes = doubts.map(({ deliveryId, delivery, state, isHeld, hits, reasons }): DoubtBox => {
    const [first] = hits;
    const clicks = hits.filter(({ kind }) => kind === 'click');
    return {
      deliveryId,
      digest: delivery ? digest(delivery.digestId) : '',
      sentAt: delivery?.sentAt ?? null,
      state,
      isHeld,
      clicks: clicks.length,
      opens: hits.length - clicks.length,
      links: [...new Set(clicks.flatMap(({ link }) => link?.label ?? []))],
      reasons: state === 'decided' ? [] : reasons.map(tell),
      decidedBy: first?.decidedBy ?? null,
      was: state === 'open' ? null : first?.class === 'machine' ? 'machine' : 'person',
    };
  });
  return {
    open: boxes.filter(({ state }) => state === 'open'),
    others: boxes.filter(({ state }) => state !== 'open'),
  };
}
