import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mostBytes,
  quotedPrintablePiece,
  writeQuotedPrintable,
} from '../../../src/domain/mail/quoted-printable.ts';

/** As RFC 2045 reads it. */
function decoded(encoded: string): string {
  const bytes = encoded
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

function encoded(text: string): string {
  const bytes = Buffer.from(text);
  const target = Buffer.alloc(mostBytes(bytes.length));
  return target.toString('latin1', 0, writeQuotedPrintable(bytes, target, 0));
}

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 400 }),
  fc.string({ unit: fc.constantFrom(' ', '.', '=', 'a', '\n', '\t', 'é', '😀', '\r\n'), maxLength: 400 }),
);

describe('quoted-printable', () => {
  it('says the same when it is read, in lines that SMTP and DKIM leave alone', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const written = encoded(text);
        expect(decoded(written)).toBe(text.replace(/\r?\n/g, '\r\n'));
        for (const line of written.split('\r\n')) {
          expect(line.length).toBeLessThanOrEqual(76);
          expect(line).toMatch(/^[\x20-\x7e]*$/);
          expect(line).not.toMatch(/^\.| {2}| $/);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('in pieces, each of which begins a line, is the whole', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 8 }), (parts) => {
        // A line end cut in two is no line end any more.
        const whole = parts.filter((part) => !part.endsWith('\r'));
        const pieces = whole.map(quotedPrintablePiece);
        for (const piece of pieces)
          expect(piece.length === 0 || piece.toString('latin1').endsWith('\r\n')).toBe(true);
        const written = Buffer.concat(pieces).toString('latin1');
        expect(decoded(written)).toBe(whole.map((part) => part.replace(/\r?\n/g, '\r\n')).join(''));
        expect(written).not.toMatch(/^\.|^.{77}| {2}| \r$/m);
      }),
      { numRuns: 300 },
    );
  });
});
