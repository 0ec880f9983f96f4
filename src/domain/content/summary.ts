/** The most characters a stored summary has; a mail shortens further where it must. */
export const SUMMARY_LENGTH = 280;

/** What blog programs put at the end of every description, which tells a reader nothing. */
const TAILS = [
  /\s*The post .{1,300}? (?:first )?appeared (?:first )?on [^.]{1,120}\.?$/i,
  /\s*(?:Continue reading|Read more|Read on|Lees (?:meer|verder)|Weiterlesen)\b[^.!?…]{0,120}(?:\.{2,3}|…)?\s*$/i,
  /\s*(?:\[(?:…|\.\.\.|&hellip;)\]|\((?:…|\.\.\.)\))\s*$/,
];

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

/**
 * Plain text cut at the end of a sentence, so that it has at most `most` characters. Where the first sentence is
 * longer, it is cut between words and ends in "…".
 */
export function summarise(text: string, language: string, most = SUMMARY_LENGTH): string {
  const clean = TAILS.reduce((rest, tail) => rest.replace(tail, ''), text.slice(0, 8 * most)).trim();
  if (clean.length <= most) return clean;
  let summary = '';
  for (const { segment } of sentencesOf(language).segment(clean.slice(0, 2 * most))) {
    if ((summary + segment).trimEnd().length > most) break;
    summary += segment;
  }
  return summary === '' ? cutAtWord(clean, most) : summary.trimEnd();
}

/** At most `most` characters; what was cut off shows as "…". A character is never cut in two. */
export function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text;
  const room = text.slice(0, most - 1);
  // The word may end just where the room does.
  const cut = text.slice(0, most).lastIndexOf(' ');
  const kept = cut > most / 2 ? room.slice(0, cut) : room.replace(/[\ud800-\udbff]$/, '');
  return `${kept.replace(/[\s,;:.–-]+$/, '')}…`;
}
