import { withoutTails } from './teaser-tails.ts';

/** The most characters a stored summary has; a mail shortens further where it must. */
export const SUMMARY_LENGTH = 280;

const segmenters = new Map<string, Intl.Segmenter>();

/** Making one costs as much as using it a hundred times. */
function sentencesOf(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language);
  if (!segmenter) {
    segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
    segmenters.set(language, segmenter);
  }
  return segmenter;
}

/** Plain text without what programs put at its end, shortened. */
export function summarise(text: string, language: string, most = SUMMARY_LENGTH): string {
  return shortened(withoutTails(text.slice(0, 8 * most)), language, most);
}

/**
 * Plain text cut at the end of a sentence, so that it has at most `most` characters. Where the first sentence is longer, it is
 * cut between words and ends in "…".
 */
export function shortened(clean: string, language: string, most = SUMMARY_LENGTH): string {
  if (clean.length <= most) return clean;
  let summary = '';
  for (const { segment } of sentencesOf(language).segment(clean.slice(0, 2 * most))) {
    if ((summary + segment).trimEnd().length > most) break;
    summary += segment;
  }
  return summary === '' ? cutAtWord(clean, most) : summary.trimEnd();
}

/** A text this long says enough without the sentence that it broke off in. */
const LONG_ENOUGH = 80;

/** A text that its feed cut in the middle of a sentence, ended at the sentence before, or in "…" where there is none. */
export function endedWell(text: string, language: string): string {
  const plain = text
    .trimEnd()
    .replace(/(?:…|\.{3})$/, '')
    .replace(/(?<![\s,;:–-])[\s,;:–-]+$/, '');
  if (/[.!?。！？]["'”’»)\]]?$/.test(plain)) return plain;
  const last = [...sentencesOf(language).segment(plain)].at(-1);
  const before = plain.slice(0, last?.index ?? 0).trimEnd();
  return before.length >= LONG_ENOUGH ? before : `${plain}…`;
}

/** At most `most` characters; what was cut off shows as "…". A character is never cut in two. */
export function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = text.slice(0, most - 1);
  // The word may end just where the room does.
  const cut = text.slice(0, most).lastIndexOf(' ');
  const kept = cut > most / 2 ? room.slice(0, cut) : room.replace(/[\ud800-\udbff]$/, '');
  return `${kept.replace(/(?<![\s,;:.–-])[\s,;:.–-]+$/, '')}…`;
}
