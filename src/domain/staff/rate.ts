/** A share of fewer people than this says nothing about the next ones: two of five are no "40 %". */
export const FEWEST_FOR_A_RATE = 20;

/** Above this share of the people reached, unsubscribing is an alarm. */
export const UNSUBSCRIBE_ALARM = 0.01;

/** A part of a whole, such as the clicks of the people reached. Null when the whole is too small to tell. */
export function rateOf(part: number, whole: number): number | null {
  return whole < FEWEST_FOR_A_RATE ? null : part / whole;
}
