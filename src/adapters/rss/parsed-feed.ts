/** A feed as it was read, before anything in it is cleaned. */
export interface ParsedFeed {
  /** "RSS 2.0", "Atom 1.0", "JSON Feed 1.1", for people. */
  format: string;
  title: string;
  /** The page that the feed is of. */
  link: string | null;
  /** What it says of its language, as it writes it. */
  language: string | null;
  /** xml:base of the feed as a whole. */
  base: string | null;
  /** Per item, all elements of a name as they stand in the feed. */
  items: ((name: string) => Element[])[];
  /** What was found that should not be, in words. */
  faults: string[];
}

/** An element of an item: its text, or its attributes and text. */
export type Element = string | { $?: Record<string, string>; _?: string };

/** The text of an element; "" when it has none. */
export function textOf(element: Element | undefined): string {
  if (element === undefined) return '';
  return typeof element === 'string' ? element : (element._ ?? '');
}

export function attribute(element: Element | undefined, name: string): string | undefined {
  return element === undefined || typeof element === 'string' ? undefined : element.$?.[name];
}
