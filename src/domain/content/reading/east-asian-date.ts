const NINE_HOURS_MS = 9 * 60 * 60_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/**
 * East Asian dates in the form of others: "2026년 11월 21일 오후 9:00", "2026年11月21日 09時00分", "토, 21 11월 2026". Null for
 * years that an era counts ("令和8年").
 */
export function asWritten(text: string): string | null {
  if (!/[년年월月]|오전|오후|上午|下午|午前|午後/.test(text)) return text;
  if (/(?<!\d{4})\s?[년年]/.test(text)) return null;
  const isAfternoon = /오후|下午|午後/.test(text);
  const plain = text
    .replace(/오전|오후|上午|下午|午前|午後/g, ' ')
    // A program's date in a locale: the month where English has its name.
    .replace(
      /(?<=\d )(\d{1,2}) ?[월月](?= \d{4})/,
      (whole, month: string) => MONTHS[Number(month) - 1] ?? whole,
    )
    .replace(/[년年월月]\s*/g, '-')
    .replace(/[일日](?!\p{L})/gu, ' ')
    .replace(/(?<=\d)[시時时点]\s*(?=\d)|[분分]\s*(?=\d)/g, ':')
    .replace(/(?<=\s\d{1,2})[시時时点]/g, ':00')
    .replace(/[분分초秒]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (!isAfternoon) return plain;
  return plain.replace(/(?<=\s)(\d{1,2})(?=:)/, (hour) => String((Number(hour) % 12) + 12));
}

/** Dates in Korean words without a zone are in Korea's time, which has no summer time. */
export const KOREAN_TIME = {
  isMeantBy: (text: string): boolean =>
    /\d\s?[년월]|오전|오후/.test(text) &&
    !/[+-]\d\d:?\d\d$|(?:Z|[A-Z]{3})$/.test(text) &&
    /\d:\d|\d\s?시/.test(text),
  of: (date: Date): Date => new Date(date.getTime() - NINE_HOURS_MS),
};
