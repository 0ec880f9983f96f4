import { dateLocale } from '../../domain/locale.ts';

/** Writes numbers for people, in the page's language. A number that is not there is a dash. */
export function numberFormat(language: string, currency: string) {
  const locale = dateLocale(language);
  const number = new Intl.NumberFormat(locale);
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const change = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  // With its cents, as it was entered; a whole amount without ,00.
  const money = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    trailingZeroDisplay: 'stripIfInteger',
  });
  const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const month = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', timeZone: 'UTC' });
  const or = <T>(value: T | null, write: (value: T) => string) => (value === null ? '–' : write(value));
  return {
    number: (value: number | null) => or(value, number.format),
    share: (value: number | null) => or(value, share.format),
    change: (value: number | null) => or(value, change.format),
    /** A difference of two shares: "+3.1 points" without the word. */
    points: (value: number | null) => or(value, (share_) => points.format(100 * share_)),
    money: (value: number | null) => or(value, money.format),
    day: (at: Date) => day.format(at),
    /** Of a first day of a month, YYYY-MM-DD. */
    month: (first: string) => month.format(new Date(`${first}T00:00:00Z`)),
    /** "40 min", "6 hr", "12 days": the largest unit of which there are at least two. */
    span: (seconds: number | null) =>
      or(seconds, (value) => {
        const unit = UNITS.find(({ is }) => value >= is * 2) ?? UNITS.at(-1)!;
        const words = new Intl.NumberFormat(locale, {
          style: 'unit',
          unit: unit.name,
          unitDisplay: unit.name === 'day' ? 'long' : 'short',
          maximumFractionDigits: 0,
        });
        return words.format(value / unit.is);
      }),
  };
}

export type NumberFormat = ReturnType<typeof numberFormat>;

const UNITS = [
  { name: 'day', is: 86_400 },
  { name: 'hour', is: 3600 },
  { name: 'minute', is: 60 },
  { name: 'second', is: 1 },
] as const;

/** A part of a whole; null when there is no whole. For shares of people see `rateOf`. */
export function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
