import { isTitleKey } from '../reading/identity.ts';

/** What an item, or an article that is stored, is known by. */
export interface Named {
  keys: readonly string[];
  /** The feed that brought it first. */
  feedUrl: string;
  publishedAt: Date;
}

/**
 * Whether two things with one title are two stories all the same: one feed brought both, and they lead to two pages. A feed
 * of prices has the same title every day. What it says without a guid and of the same moment, at an address with
 * other parameters, may be the same with a new session's number in it.
 */
export function areTwoStories(item: Named, stored: Named): boolean {
  const guids = (of: Named) => of.keys.filter((key) => key.startsWith(`guid ${item.feedUrl} `));
  const pages = (of: Named) => of.keys.filter((key) => key.startsWith('page '));
  const isOfFeed = stored.feedUrl === item.feedUrl || guids(stored).length > 0;
  if (!isOfFeed || pages(item).length === 0 || pages(stored).length === 0) return false;
  const known = new Set(stored.keys);
  if ([...guids(item), ...pages(item)].some((key) => known.has(key))) return false;
  if (guids(item).length > 0) return true;
  const paths = new Set(pages(stored).map(pathOf));
  const isOfOneMoment = item.publishedAt.getTime() === stored.publishedAt.getTime();
  return !(isOfOneMoment && pages(item).some((page) => paths.has(pathOf(page))));
}

const pathOf = (page: string): string => page.split('?')[0] ?? page;

export interface Group {
  /** Places in the given list, rising. */
  places: number[];
  /** Articles that are stored, rising: more than one when they turn out to be the same. */
  ids: number[];
}

/**
 * Which of these are one article: those that share a key with each other, or with the same stored article, however many
 * steps lie between. `stored` says which article a key is known for. Those that share a title alone are one unless
 * `areTwo` says that this one and that article are two.
 */
export function groupByKeys(
  keysOfEach: readonly (readonly string[])[],
  stored: ReadonlyMap<string, number>,
  areTwo: (place: number, id: number) => boolean = () => false,
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
      const id = stored.get(key);
      if (id !== undefined && isTitleKey(key)) {
        if (!areTwo(place, id)) join(`place ${place}`, id);
        continue;
      }
      join(`place ${place}`, `key ${key}`);
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

/** What an article is known by, and what it is about. */
type Known = Named & { interests: readonly string[] };

/** An article that is stored already, as it is told now. */
export interface RepeatedArticle<Item> {
  id: number;
  article: Item;
}

/** Stored articles that turned out to be one: `id` is the same as `into`, the oldest. */
export interface SameArticle {
  id: number;
  into: number;
}

/** What articles are: new ones, those that are stored already, and which of the stored ones are one. */
export interface ToldApart<Item> {
  fresh: Item[];
  repeated: RepeatedArticle<Item>[];
  same: SameArticle[];
}

/**
 * What is new (repeats of it among `articles` joined into one), what is stored already, and which of that is one article.
 * `known`: the article that a key is known for; `titled`: the names of those that are known by a title.
 */
export function tellApart<Item extends Known>(
  articles: readonly Item[],
  known: ReadonlyMap<string, number>,
  titled: ReadonlyMap<number, Named>,
): ToldApart<Item> {
  const told: ToldApart<Item> = { fresh: [], repeated: [], same: [] };
  const groups = groupByKeys(
    articles.map(({ keys }) => keys),
    known,
    (place, id) => titled.has(id) && areTwoStories(articles[place]!, titled.get(id)!),
  );
  for (const { places, ids } of groups) {
    const group = places.map((place) => articles[place]!);
    const [into, ...others] = ids;
    if (into === undefined) {
      const joined = (field: 'keys' | 'interests') => [...new Set(group.flatMap((one) => one[field]))];
      told.fresh.push({ ...group[0]!, keys: joined('keys'), interests: joined('interests') });
      continue;
    }
    told.repeated.push(...group.map((article) => ({ id: into, article })));
    told.same.push(...others.map((id) => ({ id, into })));
  }
  return told;
}
