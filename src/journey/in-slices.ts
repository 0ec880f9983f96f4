/** So many are made before everybody else gets a turn: what is large must not hold up the pages. */
const SLICE = 100;

/** All that an iterable makes, with a pause for other work after every hundred. */
export async function inSlices<T>(from: Iterable<T>): Promise<T[]> {
  const all: T[] = [];
  for (const one of from) {
    all.push(one);
    if (all.length % SLICE === 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
  return all;
}
