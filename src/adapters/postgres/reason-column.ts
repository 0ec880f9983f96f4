import { type Reason, readReason } from '../../domain/reason.ts';
import { asJson } from './as-json.ts';

// Reasons lie in text columns: JSON with a code, or the sentence that was kept before reasons had codes. So no table had to
// be written anew, however big; all statements write with `keptReason` and read with `readReason`, and nothing else.

export const keptReason = (reason: Reason): string => asJson(reason);

export const keptReasons = (reasons: readonly Reason[]): string[] => reasons.map(keptReason);

export const readReasons = (kept: readonly string[]): Reason[] => kept.map(readReason);

export const readReasonOrNull = (kept: string | null): Reason | null =>
  kept === null || kept === '' ? null : readReason(kept);

/** SQL: the code of a kept reason; of a sentence, 'text'. */
export const codeOf = (column: string): string =>
  `case when ${column} like '{"code":%' then ${column}::jsonb ->> 'code' else 'text' end`;

/** SQL: a kept reason as JSON. */
export const reasonJson = (column: string): string =>
  `case when ${column} like '{"code":%' then ${column}::jsonb
        when ${column} is not null then jsonb_build_object('code', 'text', 'values', jsonb_build_object('text', ${column})) end`;
