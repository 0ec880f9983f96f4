/** What windows-1252 has at 0x80 to 0x9f. Node reads these as the control characters of ISO 8859-1. */
export const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** The bytes of one character of UTF-8, each written as a reference: "&#226;&#128;&#153;". */
const BYTES_AS_REFERENCES =
  /&#(?:19[4-9]|2[0-3]\d|24[0-4]|x[cC][2-9a-fA-F]|x[dDeE][\da-fA-F]|x[fF][0-4]);(?:&#(?:12[89]|1[3-8]\d|19[01]|x[89abAB][\da-fA-F]);){1,3}/g;

/** Text in which such bytes are the character that they were once; others are left as they are. */
export function withBytesJoined(html: string): string {
  if (!html.includes('&#')) return html;
  return html.replace(BYTES_AS_REFERENCES, (references) => {
    const bytes = [...references.matchAll(/&#(x?)([\da-f]+);/gi)].map(([, hex, digits = '']) =>
      Number.parseInt(digits, hex ? 16 : 10),
    );
    return utf8(bytes) ?? references;
  });
}

/** Words that begin like this were UTF-8 once, and were taken for windows-1252: "Itâ€™s", "cafÃ©". */
const SUSPECT = /[ÂÃâÄÅÎÏÐÑðØÙ×à][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/;
/** Never anything else than a quotation mark, a dash or the like of UTF-8. */
const MARKS = /â€[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Â(?=[\u00a0«»©®°·£§])/g;

/**
 * Text that was read in the wrong charset by the program that wrote the feed, as it was meant. Only where every character beyond
 * ASCII fits: a text of any language that has one right "é" or "»" is left alone, but for what is never right.
 */
export function withoutMojibake(text: string): string {
  if (!SUSPECT.test(text)) return text;
  const bytes: number[] = [];
  // An "à" whose second half was taken for a blank.
  for (const character of text.replace(/Ã +(?=\p{L})/gu, 'Ã\u00a0 ')) {
    const code = byteOf(character);
    if (code === null) return text.replace(MARKS, marksOf);
    bytes.push(code);
  }
  const meant = utf8(bytes);
  if (meant === null || !isLikely(text, meant)) return text.replace(MARKS, marksOf);
  return meant;
}

function marksOf(mark: string): string {
  const bytes = [...mark].map((character) => byteOf(character) ?? 0x3f);
  return bytes.length === 1 ? '' : (utf8(bytes) ?? mark);
}

function byteOf(character: string): number | null {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return code;
  const at = WINDOWS_1252.indexOf(character);
  return at === -1 ? null : 0x80 + at;
}

/** One character outside of Latin script may be chance: "ESPAÑ…"; so may what capitals and "…" at the end look like. */
function isLikely(text: string, meant: string): boolean {
  const beyond = meant.match(/\P{ASCII}/gu) ?? [];
  if (beyond.length === 1 && /[ÄÅ]…\s*$/.test(text)) return false;
  const latin = beyond.filter((character) => /[\u00a0-\u017f\u2010-\u2044\u20ac\u2122]/u.test(character));
  return latin.length === beyond.length ? beyond.length > 0 : beyond.length >= 3;
}

function utf8(bytes: number[]): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}
