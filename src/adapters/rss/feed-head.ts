import { formatOf } from './feed-format.ts';
import { type Frame, joined } from './feed-frames.ts';
import { nameAfterRoot } from './names.ts';

const ROOTS = ['rss', 'feed', 'rdf', 'channel'];
const LANGUAGES = new Set(['language', 'dc:language']);
const MOST_PARTS = 50;

/** What stands above the items: what kind of feed it is, its title and its page. */
export class FeedHead {
  /** The name of the feed's outermost element; null while none was seen. */
  root: string | null = null;
  /** The first element of all, whatever it is. */
  first: string | null = null;
  format = '';
  title: string | null = null;
  link: string | null = null;
  base: string | null = null;
  /** As the feed writes it: "nl-BE". */
  language: string | null = null;
  private text: string[] | null = null;

  get isAtom(): boolean {
    return this.root === 'feed';
  }

  /** For a document that is one Atom entry, as its own feed. */
  openEntry(attributes: Record<string, string>): void {
    this.root = 'feed';
    this.format = formatOf('feed', attributes);
  }

  open({ name, attributes, base, scope }: Omit<Frame, 'role' | 'field'>, parent: Frame | undefined): void {
    this.first ??= name;
    const local = name.slice(name.indexOf(':') + 1);
    if (this.root === null || name === 'channel') this.language ??= attributes['xml:lang'] || null;
    if (this.root === null && ROOTS.includes(local)) {
      this.root = local;
      nameAfterRoot(name, scope);
      this.format = formatOf(local, attributes);
      this.base = base;
      // The channel definition format has its page there.
      if (local === 'channel' && attributes.href) this.link = joined(attributes.href, base);
      return;
    }
    if (local === 'channel' && this.base === null) this.base = base;
    const isOfFeed = parent?.name === 'channel' || parent?.name === 'feed';
    if (!isOfFeed) return;
    if (name === 'link' && attributes.href !== undefined) {
      const isPage = /^(?:.*\/)?alternate$/i.test(attributes.rel ?? 'alternate');
      if (isPage && this.link === null) this.link = joined(attributes.href, base);
    } else if (
      (name === 'title' && this.title === null) ||
      (name === 'link' && this.link === null) ||
      LANGUAGES.has(name)
    ) {
      this.text = [];
    }
  }

  /** Whether text is waited for. */
  get isReading(): boolean {
    return this.text !== null && this.text.length < MOST_PARTS;
  }

  addText(text: string): void {
    this.text?.push(text);
  }

  close({ name, base }: Frame): void {
    const text = this.text?.join('').trim() ?? '';
    this.text = null;
    if (name === 'title' && this.title === null && text !== '') this.title = text.slice(0, 300);
    if (LANGUAGES.has(name) && text !== '') this.language = text.slice(0, 20);
    if (name === 'link' && this.link === null && text !== '') this.link = joined(text, base).slice(0, 2000);
  }
}
