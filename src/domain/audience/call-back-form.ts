import { LONGEST, plainLine, readProfileField } from './profile-field.ts';
import type { FieldProblem } from './sign-up-form.ts';

export interface CallRequest {
  phone: string;
  bestTime: string;
  note: string;
}

export type CallBackRead = { wish: CallRequest } | { problems: FieldProblem[] };

/** In characters. What is longer is a problem, so that nothing a person wrote is lost. */
export const LONGEST_NOTE = 1000;
const LONGEST_TIME = 120;

/** Checks a posted call-back form: a phone number is needed, typed or known already; the rest helps. */
export function readCallBackForm(
  inputs: Readonly<Record<string, string>>,
  knownPhone: string | null,
): CallBackRead {
  const problems: FieldProblem[] = [];
  const phone = readProfileField('phone', inputs.phone ?? '');
  if ('problem' in phone) {
    problems.push({ field: 'phone', text: `field.${phone.problem}`, values: { longest: LONGEST.phone } });
  } else if (phone.value === null && knownPhone === null)
    problems.push({ field: 'phone', text: 'phone.missing', values: {} });
  const bestTime = plainLine(inputs.best_time ?? '');
  if (bestTime.length > LONGEST_TIME) problems.push(tooLong('best_time', LONGEST_TIME));
  // A note keeps its line breaks.
  const note = (inputs.note ?? '').split(/\r?\n/).map(plainLine).join('\n').trim();
  if (note.length > LONGEST_NOTE) problems.push(tooLong('note', LONGEST_NOTE));
  const number = 'problem' in phone ? null : (phone.value ?? knownPhone);
  if (problems.length > 0 || number === null) return { problems };
  return { wish: { phone: number, bestTime, note } };
}

function tooLong(field: string, longest: number): FieldProblem {
  return { field, text: 'field.too-long', values: { longest } };
}
