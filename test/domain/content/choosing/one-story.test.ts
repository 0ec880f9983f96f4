import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupByKeys } from '../../../../src/domain/content/choosing/one-story.ts';

describe('groupByKeys', () => {
  it('joins what shares a key, over any number of steps', () => {
    expect(groupByKeys([['a', 'b'], ['c'], ['b', 'd'], ['d']], new Map())).toEqual([
      { places: [0, 2, 3], ids: [] },
      { places: [1], ids: [] },
    ]);
  });

  it('finds stored articles that turn out to be one', () => {
    const stored = new Map([
      ['a', 7],
      ['b', 3],
      ['c', 9],
    ]);
    expect(groupByKeys([['a', 'new'], ['b', 'x'], ['x', 'new'], ['c'], []], stored)).toEqual([
      { places: [0, 1, 2], ids: [3, 7] },
      { places: [3], ids: [9] },
      { places: [4], ids: [] },
    ]);
  });

  const keys = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { maxLength: 3 }), {
    maxLength: 8,
  });
  const stored = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 4 }));

  it('puts each into one group, and no key or stored article into two', () => {
    fc.assert(
      fc.property(keys, stored, (each, known) => {
        const groups = groupByKeys(each, new Map(Object.entries(known)));
        expect(groups.flatMap(({ places }) => places).sort((a, b) => a - b)).toEqual([...each.keys()]);
        const ids = groups.flatMap((group) => group.ids);
        expect(new Set(ids).size).toBe(ids.length);
        const owners = groups.map(({ places }) => new Set(places.flatMap((place) => each[place]!)));
        for (const key of new Set(each.flat()))
          expect(owners.filter((owner) => owner.has(key))).toHaveLength(1);
      }),
    );
  });

  it('does not depend on the order in which things come', () => {
    fc.assert(
      fc.property(keys, stored, (each, known) => {
        const shape = (list: string[][]) =>
          groupByKeys(list, new Map(Object.entries(known)))
            .map(({ places, ids }) =>
              [
                places
                  .flatMap((place) => list[place]!)
                  .sort()
                  .join(),
                ids.join(),
              ].join(' '),
            )
            .sort();
        expect(shape([...each].reverse())).toEqual(shape(each));
      }),
    );
  });
});
