/** Titles that share this part of all their words tell one story: "Peppol duty from January" in two feeds. */
const SAME_STORY = 0.7;
const FEWEST_COMMON_WORDS = 4;

/**
 * Which titles tell one story, though each has a page of its own: for each title the place of the first one of its
 * story. Compares words, not meaning; a wrong guess costs an article its neighbour, never its place.
 */
export function storiesOf(titles: readonly string[]): Int32Array {
  const stories = new Int32Array(titles.length).map((_, place) => place);
  const words = titles.map(wordsOf);
  const titlesWith = new Map<string, number[]>();
  for (const [place, own] of words.entries()) {
    const common = new Map<number, number>();
    for (const word of own) {
      const earlier = titlesWith.get(word);
      if (!earlier) titlesWith.set(word, [place]);
      else {
        for (const other of earlier) common.set(other, (common.get(other) ?? 0) + 1);
        earlier.push(place);
      }
    }
    for (const [other, shared] of common) {
      if (shared < FEWEST_COMMON_WORDS) continue;
      if (shared / (own.size + words[other]!.size - shared) < SAME_STORY) continue;
      stories[place] = stories[other]!;
      break;
    }
  }
  return stories;
}

function wordsOf(title: string): Set<string> {
  const plain = title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return new Set(plain.match(/[\p{L}\p{N}]+/gu) ?? []);
}
