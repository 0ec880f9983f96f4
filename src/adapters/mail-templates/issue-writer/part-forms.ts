import {
  mostBytes,
  quotedPrintablePiece,
  writeQuotedPrintable,
} from '../../../domain/mail/quoted-printable.ts';
import { wrapLines } from '../wrap-text.ts';
import type { Segment, Value } from './segments.ts';
import type { Encoded } from './slots.ts';

/** How a mail's part is put together: what is encoded once, what is made for each mail, and where the cards come. */
export type Step =
  | { kind: 'fixed'; text: string }
  | { kind: 'made'; parts: (string | Value)[] }
  | { kind: 'block'; number: number };

/** What is particular to HTML or to text. */
export interface Form {
  /** Throws when the pieces cannot be encoded one by one. */
  steps(pieces: readonly Segment[]): Step[];
  encode(text: string): Encoded;
}

/** Each piece ends in a break that nobody sees, so they can meet anywhere. */
export const HTML_FORM: Form = {
  steps: (pieces) =>
    pieces.map((piece) => (piece.kind === 'value' ? { kind: 'made', parts: [piece.value] } : asStep(piece))),
  encode: (text) => ({ bytes: quotedPrintablePiece(text), emptyBefore: false, emptyAfter: false }),
};

/** Text is wrapped, and what its readers see is where lines end: pieces are whole lines. */
export const TEXT_FORM: Form = {
  steps(pieces) {
    const steps: Step[] = [];
    /** A line that has a value in it, as far as it has come. */
    let line: (string | Value)[] | null = null;
    const endLine = () => {
      if (line) steps.push({ kind: 'made', parts: line });
      line = null;
    };
    for (const piece of pieces) {
      if (piece.kind === 'value') {
        line ??= takeLine(steps);
        line.push(piece.value);
        continue;
      }
      if (piece.kind === 'block') {
        if (line || !endsLine(steps.at(-1)))
          throw new Error('the template has an article in the middle of a line');
        steps.push(asStep(piece));
        continue;
      }
      let { text } = piece;
      if (line) {
        const end = text.indexOf('\n') + 1;
        line.push(end === 0 ? text : text.slice(0, end));
        if (end === 0) continue;
        endLine();
        text = text.slice(end);
      }
      if (text !== '') steps.push({ kind: 'fixed', text });
    }
    endLine();
    return steps;
  },
  encode(text) {
    const { lines, emptyBefore, emptyAfter } = wrapLines(text.endsWith('\n') ? text.slice(0, -1) : text);
    const bytes = Buffer.from(lines === null ? '' : `${lines}\n`);
    const target = Buffer.allocUnsafe(mostBytes(bytes.length));
    const end = writeQuotedPrintable(bytes, target, 0);
    return { bytes: Buffer.from(target.subarray(0, end)), emptyBefore, emptyAfter };
  },
};

function asStep(piece: Exclude<Segment, { kind: 'value' }>): Step {
  return piece.kind === 'text' ? { kind: 'fixed', text: piece.text } : piece;
}

/** What stands before a value on its line, taken off the step before. */
function takeLine(steps: Step[]): (string | Value)[] {
  const before = steps.at(-1);
  if (before?.kind !== 'fixed') return [];
  const start = before.text.lastIndexOf('\n') + 1;
  const taken = before.text.slice(start);
  before.text = before.text.slice(0, start);
  if (before.text === '') steps.pop();
  return taken === '' ? [] : [taken];
}

function endsLine(step: Step | undefined): boolean {
  return step?.kind !== 'fixed' || step.text.endsWith('\n');
}
