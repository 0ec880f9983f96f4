import { dateLocale, languageName, type Say } from './locale.ts';
import { inLanguage, type Programme } from './programme.ts';
import { REASONS, type Reason, type ValueType } from './reason.ts';

/** Says a reason in one language. */
export type Tell = (reason: Reason) => string;

interface Words {
  say: Say;
  programme: Pick<Programme, 'interests' | 'sales'>;
}

/** Says reasons in the language of whoever reads, with the names that people know for ids. */
export function reasonTeller({ say, programme }: Words, language: string): Tell {
  const interest = (id: string) => {
    const known = programme.interests.find((one) => one.id === id);
    return known ? inLanguage(known.label, language) : id;
  };
  const sayValue: { [Type in ValueType]: (value: never) => string | number } = {
    text: (value: string) => value,
    number: (value: number) => value,
    label: (value: string | Readonly<Record<string, string>>) =>
      typeof value === 'string' ? value : inLanguage(value, language),
    interests: (ids: readonly string[]) => ids.map(interest).join(', '),
    language: (id: string) => languageName(id, language),
    outcome: (answer: string) => say(language, `staff.outcome.${answer}`),
    status: (status: string) => say(language, `staff.status.${status}`),
    stage: (stage: string) => say(language, `staff.stage.${stage}`),
    moment: (at: string) =>
      dated(at, language, {
        dateStyle: 'medium',
        timeStyle: 'short',
        timeZone: programme.sales.officeHours.timeZone,
      }),
    day: (day: string) => dated(day, language, { day: 'numeric', month: 'long', year: 'numeric' }),
    month: (month: string) => dated(month, language, { month: 'long', year: 'numeric' }),
    country: (code: string) => new Intl.DisplayNames([language], { type: 'region' }).of(code) ?? code,
    reason: (reason: Reason) => tell(reason),
    reasons: (reasons: readonly Reason[]) => reasons.map(tell).join(', '),
  };
  const tell: Tell = (reason) => {
    if (reason.code === 'text') return reason.values.text;
    const values = Object.entries(reason.values ?? {});
    const types: Readonly<Record<string, ValueType>> = REASONS[reason.code];
    const said = values.map(([name, value]) => [name, sayValue[types[name] ?? 'text'](value as never)]);
    return say(language, `reasons.${reason.code}`, Object.fromEntries(said));
  };
  return tell;
}

/** A day or month as people write it; what is none is shown as it stands. */
function dated(iso: string, language: string, parts: Intl.DateTimeFormatOptions): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return new Intl.DateTimeFormat(dateLocale(language), { timeZone: 'UTC', ...parts }).format(at);
}

/**
 * For programs and for people who take their data along: every reason in words, with its code and values beside it.
 * `reason` has `because`; `pauseReason` has `pauseReasonCode`.
 */
export function withWords(value: unknown, tell: Tell): unknown {
  if (Array.isArray(value)) return value.map((one) => withWords(one, tell));
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const beside = name === 'reason' ? 'because' : `${name}Code`;
      if (isReason(one))
        return [
          [name, tell(one)],
          [beside, one],
        ];
      if (Array.isArray(one) && one.length > 0 && one.every(isReason))
        return [
          [name, one.map(tell)],
          [beside, one],
        ];
      return [[name, withWords(one, tell)]];
    }),
  );
}

function isReason(value: unknown): value is Reason {
  const code = (value as { code?: unknown } | null)?.code;
  return typeof code === 'string' && Object.hasOwn(REASONS, code);
}
