/** The numbers of a programme's scoring: what each may be, and what it is where nobody says. */
export const SCORE_LIMITS = {
  threshold: { least: 1, most: 10_000, usual: 12 },
  customerThreshold: { least: 1, most: 10_000, usual: 6 },
  mailsBeforeSql: { least: 0, most: 1000, usual: 2 },
  floor: { least: -10_000, most: 0, usual: -12 },
  scoreAfterReturn: { least: -10_000, most: 10_000, usual: 0 },
  halfLifeDays: { least: 1, most: 3650, usual: null },
} as const;

/** How much engagement, fit and completeness count where nobody says. */
export const USUAL_WEIGHTS = { engagement: 50, fit: 35, completeness: 15 } as const;
