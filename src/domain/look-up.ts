/**
 * What a table says of a word that came from outside. A plain `table[word]` also finds what every object has: a feed with an
 * element `<constructor>` gets a function.
 */
export function lookUp<Value>(table: Readonly<Record<string, Value>>, word: string): Value | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}
