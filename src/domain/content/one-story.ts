export interface Group {
  /** Places in the given list, rising. */
  places: number[];
  /** Articles that are stored, rising: more than one when they turn out to be the same. */
  ids: number[];
}

/**
 * Which of these are one article: those that share a key with each other, or with the same stored article, however many
 * steps lie between. `stored` says which article a key is known for.
 */
export function groupByKeys(
  keysOfEach: readonly (readonly string[])[],
  stored: ReadonlyMap<string, number>,
): Group[] {
  const parents = new Map<string | number, string | number>();
  const rootOf = (node: string | number): string | number => {
    let root = node;
    for (let next = parents.get(root); next !== undefined && next !== root; next = parents.get(root))
      root = next;
    // Later look-ups go there at once.
    for (let at = node; at !== root; ) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  const join = (a: string | number, b: string | number) => parents.set(rootOf(a), rootOf(b));

  for (const [place, keys] of keysOfEach.entries()) {
    for (const key of keys) {
      join(`place ${place}`, `key ${key}`);
      const id = stored.get(key);
      if (id !== undefined) join(`key ${key}`, id);
    }
  }
  const groups = new Map<string | number, Group>();
  const groupOf = (node: string | number): Group => {
    const root = rootOf(node);
    const group = groups.get(root) ?? { places: [], ids: [] };
    groups.set(root, group);
    return group;
  };
  for (const place of keysOfEach.keys()) groupOf(`place ${place}`).places.push(place);
  for (const id of new Set(keysOfEach.flat().flatMap((key) => stored.get(key) ?? [])))
    groupOf(id).ids.push(id);
  for (const { ids } of groups.values()) ids.sort((a, b) => a - b);
  return [...groups.values()];
}
