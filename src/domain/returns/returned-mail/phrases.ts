/** One expression of several phrases, so that tables of them can be read one below the other. */
export function anyOf(...phrases: readonly string[]): RegExp {
  return new RegExp(phrases.join('|'), 'i');
}
