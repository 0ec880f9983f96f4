/** Half of a sign of two (what is left of an emoji that was cut in its middle), and the zero character. */
const BROKEN = /\0|[\uD800-\uDFFF]/u;
const EACH_BROKEN = /\0|[\uD800-\uDFFF]/gu;

/** A text that every database and every program takes: without zero characters and halves of signs. */
export function whole(text: string): string {
  return BROKEN.test(text) ? text.replace(EACH_BROKEN, '') : text;
}

/** The first `most` characters, none of them cut in half. All texts are cut here: a bare `slice` leaves half an emoji. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = 0;
  for (let count = 0; count < most && end < text.length; count++)
    end += text.codePointAt(end)! > 0xffff ? 2 : 1;
  return text.slice(0, end);
}

/** For people to read: cut between what they see as characters (a flag, a family, ä as a and dots), with "…" behind. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  let kept = '';
  let count = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    count += 1;
    if (count === most) return `${kept.trimEnd()}…`;
    kept += segment;
  }
  return kept;
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** "1 reader", "2 readers": a count with its noun, for what programs say in English. Pages and mails have texts of their own for it. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
