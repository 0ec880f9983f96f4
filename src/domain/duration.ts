/** Lengths of time as people write them in the programme. */
const UNITS_MS: Readonly<Record<string, number>> = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** What parseDuration takes, in words for a person who wrote something else. */
export const DURATION_FORM =
  'a number and seconds, minutes, hours, days or weeks: "30 seconds", "2 minutes", "28 days"';

/** "2 minutes" → 120000. Null for anything that is not a length of time. */
export function parseDuration(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(second|minute|hour|day|week)s?\s*$/i.exec(text);
  const unit = UNITS_MS[match?.[2]?.toLowerCase() ?? ''];
  return match && unit !== undefined ? Math.round(Number(match[1]) * unit) : null;
}
