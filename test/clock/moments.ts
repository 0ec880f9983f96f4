export interface Moment {
  /** ISO 8601. */
  at: string;
  what: string;
}

/** Moments at which programs that read the clock go wrong; the shipped digest comes every second Tuesday at 09:00. */
export const MOMENTS: readonly Moment[] = [
  { at: '2026-11-30T20:00:00Z', what: 'the evening before an issue, which is planned and not sent' },
  { at: '2026-12-01T07:59:00Z', what: 'a minute before an issue, in Amsterdam' },
  { at: '2026-12-01T08:01:00Z', what: 'a minute after it' },
  { at: '2026-12-31T22:59:00Z', what: 'the last minute of the year, in Amsterdam' },
  { at: '2026-12-31T23:59:00Z', what: 'the last minute of the year, in UTC' },
  { at: '2027-01-01T11:00:00Z', what: 'New Year' },
  { at: '2027-03-28T00:58:00Z', what: 'the night in which clocks go forward' },
  { at: '2027-10-31T00:58:00Z', what: 'the night in which clocks go back' },
  { at: '2028-02-29T11:00:00Z', what: 'the day that most years do not have' },
];
