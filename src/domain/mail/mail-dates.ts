import type { Subscriber } from '../audience/subscriber.ts';
import { dateLocale } from '../locale.ts';

/** In whose words. */
export type Reader = Pick<Subscriber, 'language' | 'timeZone'>;

export const DATELINE: Intl.DateTimeFormatOptions = { dateStyle: 'long' };
export const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long' };
/** Everywhere on earth a day begins at a multiple of it. */
const QUARTER_HOUR = 15 * 60_000;

/** Days in the reader's language and zone. Making a formatter costs as much as the rest of a mail, so they are kept. */
export function mailDates() {
  const known = perPlace(() => new Map<Intl.DateTimeFormatOptions, DaysInWords>());
  return (at: Date, reader: Reader, style: Intl.DateTimeFormatOptions): string => {
    const styles = known(reader);
    let days = styles.get(style);
    if (!days) {
      const { language, timeZone } = reader;
      const formatter = new Intl.DateTimeFormat(dateLocale(language), { ...style, timeZone });
      days = { formatter, written: new Map() };
      styles.set(style, days);
    }
    const key = Math.floor(at.getTime() / QUARTER_HOUR);
    let words = days.written.get(key);
    if (words === undefined) {
      words = days.formatter.format(at);
      days.written.set(key, words);
    }
    return words;
  };
}

interface DaysInWords {
  formatter: Intl.DateTimeFormat;
  /** By quarter of an hour. */
  written: Map<number, string>;
}

/** One of them for each language and time zone of readers. */
export function perPlace<Value>(make: () => Value): (reader: Reader) => Value {
  const languages = new Map<string, Map<string, Value>>();
  return ({ language, timeZone }) => {
    let zones = languages.get(language);
    if (!zones) {
      zones = new Map();
      languages.set(language, zones);
    }
    let value = zones.get(timeZone);
    if (value === undefined) {
      value = make();
      zones.set(timeZone, value);
    }
    return value;
  };
}
