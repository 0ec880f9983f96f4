import { type Reason, type ReasonCode, type ReasonOf, readReason } from '../../domain/reason.ts';
import { asJson } from './as-json.ts';

// Reasons lie in text columns: JSON with a code, or the sentence that was kept before reasons had codes. So no table had to
// be written anew, however big; all statements write with `keptReason` and read with `readReason`, and nothing else.

/** A text is kept as it stands, as it always was. */
export function keptReason(reason: Reason): string {
  const text = reason.code === 'text' ? reason.values.text : null;
  return text === null || text.startsWith('{') ? asJson(reason) : text;
}

export const keptReasons = (reasons: readonly Reason[]): string[] => reasons.map(keptReason);

export const readReasons = (kept: readonly string[]): Reason[] => kept.map(readReason);

export const readReasonOrNull = (kept: string | null): Reason | null =>
  kept === null || kept === '' ? null : readReason(kept);

/** SQL: whether it is kept with a code. */
export const isCoded = (column: string): string => `${column} like '{"code":%'`;

/** SQL: the code of a kept reason; of a sentence, 'text'. */
export const codeOf = (column: string): string =>
  `case when ${isCoded(column)} then ${column}::jsonb ->> 'code' else 'text' end`;

/** SQL: a kept reason as JSON. */
export const reasonJson = (column: string): string =>
  `case when ${isCoded(column)} then ${column}::jsonb
        when ${column} is not null then jsonb_build_object('code', 'text', 'values', jsonb_build_object('text', ${column})) end`;

/** SQL: a reason as it is kept, whose values are SQL expressions. */
export function sqlReason<Code extends ReasonCode>(
  code: Code,
  values: Record<keyof NonNullable<ReasonOf<Code>['values']>, string>,
): string {
  const pairs = Object.entries<string>(values).map(([name, expression]) => `'${name}', ${expression}`);
  return `jsonb_build_object('code', '${code}', 'values', jsonb_build_object(${pairs.join(', ')}))::text`;
}

/** SQL: what reasons for no mail are counted by: their code, and their values but for numbers and days. */
export const groupOfSkips = (column: string): string =>
  `replace(${codeOf(column)}, 'skip.none', 'skip.too-few'),
   case when ${isCoded(column)}
        then (${column}::jsonb -> 'values') - array['n', 'needed', 'all', 'had', 'until', 'month', 'why']
        else to_jsonb(${column}) end`;
