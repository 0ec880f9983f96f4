import { cut } from '../text.ts';
import { plainLine } from './profile-field.ts';

/** What the one question after unsubscribing may be answered with; each is a text of the locales. */
export const REASONS = ['too-often', 'not-relevant', 'never-asked', 'other'] as const;
export type UnsubscribeReason = (typeof REASONS)[number];

const LONGEST_NOTE = 500;

/** Null when nothing was chosen: the question may be passed over. */
export function readUnsubscribeAnswer(
  inputs: Readonly<Record<string, string>>,
): { reason: UnsubscribeReason; note: string } | null {
  const reason = REASONS.find((one) => one === inputs.reason);
  const note = cut(plainLine(inputs.note ?? ''), LONGEST_NOTE);
  if (!reason) return note === '' ? null : { reason: 'other', note };
  return { reason, note };
}
