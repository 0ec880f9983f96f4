/** RFC 2045 6.7: at most 76 characters a line, the "=" of a soft break included. */
const WIDTH = 75;
const [TAB, LF, CR, BLANK, DOT, EQUALS, TILDE] = [0x09, 0x0a, 0x0d, 0x20, 0x2e, 0x3d, 0x7e];
const HEX = Buffer.from('0123456789ABCDEF');

/** No text needs more: three bytes for each of its own, and a soft break for every line. */
export function mostBytes(textBytes: number): number {
  return textBytes * 3 + Math.ceil(textBytes / 25) * 3 + 3;
}

/**
 * Writes bytes as quoted-printable from `at` on, as if a line began there, and returns where it ended. Line ends (LF or
 * CRLF) become CRLF. Beyond what RFC 2045 asks: a dot at a line's start is "=2E", so nothing has to be stuffed for
 * SMTP, and no line holds two blanks in a row or ends in one, so DKIM's relaxed form of the body is the body.
 * `target` must have room for `mostBytes(bytes.length)`.
 */
export function writeQuotedPrintable(bytes: Uint8Array, target: Uint8Array, at: number): number {
  let end = at;
  let lineStart = at;
  const { length } = bytes;
  for (let from = 0; from < length; from += 1) {
    const byte = bytes[from]!;
    if (byte === LF || (byte === CR && bytes[from + 1] === LF)) {
      if (byte === CR) from += 1;
      target[end++] = CR;
      target[end++] = LF;
      lineStart = end;
      continue;
    }
    const isPlain =
      byte === BLANK
        ? isPlainBlank(bytes, from, target, end, lineStart)
        : byte > BLANK && byte <= TILDE && byte !== EQUALS && (byte !== DOT || end !== lineStart);
    if (end - lineStart + (isPlain ? 1 : 3) > WIDTH) {
      target[end++] = EQUALS;
      target[end++] = CR;
      target[end++] = LF;
      lineStart = end;
      // At the start of the new line a dot is another matter.
      from -= 1;
      continue;
    }
    if (isPlain) target[end++] = byte;
    else {
      target[end++] = EQUALS;
      target[end++] = HEX[byte >> 4]!;
      target[end++] = HEX[byte & 15]!;
    }
  }
  return end;
}

/** A blank stands as it is unless another stands before it, or the line or the text ends after it. */
function isPlainBlank(
  bytes: Uint8Array,
  from: number,
  target: Uint8Array,
  end: number,
  lineStart: number,
): boolean {
  if (end > lineStart && target[end - 1] === BLANK) return false;
  const next = bytes[from + 1];
  return next !== undefined && next !== LF && next !== CR && next !== TAB;
}

/** A piece that ends where a line begins, so that any other piece can follow: the break is one that readers never see. */
export function quotedPrintablePiece(text: string): Buffer {
  const bytes = Buffer.from(text);
  const target = Buffer.allocUnsafe(mostBytes(bytes.length) + 3);
  let end = writeQuotedPrintable(bytes, target, 0);
  if (end > 0 && target[end - 1] !== LF) end += target.write('=\r\n', end, 'latin1');
  return Buffer.from(target.subarray(0, end));
}
