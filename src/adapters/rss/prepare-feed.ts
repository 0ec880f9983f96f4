import { Parser } from 'htmlparser2';
import { BREAKS_OFF, ENDS_TEXT, FIELDS, THROUGH } from './feed-fields.ts';
import { addTag, addWords, closeTag, type Frame, joined, openField, type Role } from './feed-frames.ts';
import { FeedHead } from './feed-head.ts';
import { decodeReferences, escapeXml, withoutDoctype } from './html/entities.ts';
import { ItemWriter } from './item-writer.ts';
import { canonicalName, noNamespaces, scopeInside } from './names.ts';

/**
 * Feeds as they are, made into the XML that rss-parser takes: one pass from front to back with htmlparser2, which
 * forgives what XML does not (elements that are never closed or closed twice, attributes without quotes, bare
 * ampersands, HTML's entities, prefixes that nobody declared). What comes out is well-formed and holds only what is
 * read, under one name each: items wherever they stood, with their fields as text, xml:base worked in. Its length is
 * limited whatever comes in, and the time is in proportion to what comes in.
 */
export interface PreparedFeed {
  /** Empty when the text holds no feed. */
  xml: string;
  /** "RSS 2.0", "Atom 1.0", for people; the outermost element's name of what is no feed. */
  format: string;
  title: string;
  link: string | null;
  /** As the feed writes it. */
  language: string | null;
  /** xml:base of the feed as a whole. */
  base: string | null;
  /** What was found that should not be, in words. */
  faults: string[];
}

/** A page never has more items than this that anybody reads; a feed with a million is an attack or a fault. */
export const MOST_ITEMS = 500;
/** In elements; XHTML inside Atom has about ten. */
const DEEPEST = 1500;
/** Said of elements inside elements inside elements. */
export const TOO_DEEP = 'its elements are nested too deeply';

const MOST_FAULTS = 10;
const MOST_ATTRIBUTES = 100;

class Enough extends Error {}

/** Throws an Error in words for what is no feed or an attack. `url` is where the feed was. */
export function prepareFeed(text: string, url: string): PreparedFeed {
  const start = text.indexOf('<');
  if (start === -1) return new FeedWalk(new Map(), url).result();
  const { xml, entities } = withoutDoctype(text.slice(start));
  const walk = new FeedWalk(entities, url);
  const parser = new Parser(walk, { xmlMode: true, decodeEntities: false });
  try {
    parser.write(xml);
    walk.isAtEnd = true;
    parser.end();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return walk.result();
}

/** Goes through a feed's tags and texts as htmlparser2 tells of them, and says what each is to the feed. */
class FeedWalk {
  isAtEnd = false;
  private parser: Parser | null = null;
  /** Where the last opening tag ended: a closing event at the same place is of "<link/>". */
  private openedAt = -1;
  private readonly frames: Frame[] = [];
  private readonly head = new FeedHead();
  private readonly items = new ItemWriter(() => this.head.isAtom);
  private isInCdata = false;
  private readonly faults = new Set<string>();
  private readonly entities: ReadonlyMap<string, string>;
  private readonly url: string;

  constructor(entities: ReadonlyMap<string, string>, url: string) {
    this.entities = entities;
    this.url = url;
  }

  result(): PreparedFeed {
    const { head } = this;
    const [open, close] = head.isAtom
      ? ['<feed>', '</feed>']
      : ['<rss version="2.0"><channel>', '</channel></rss>'];
    // rss-parser takes no feed with nothing in it.
    const title = `<title>${escapeXml(head.title ?? '')}</title>`;
    return {
      xml: head.root === null ? '' : `${open}${title}${this.items.out.join('')}${close}`,
      format: head.root === null ? (head.first ?? '') : head.format,
      title: head.title ?? '',
      link: head.link,
      language: head.language,
      base: head.base,
      faults: [...this.faults],
    };
  }

  onparserinit(parser: Parser): void {
    this.parser = parser;
  }

  onopentag(written: string, raw: Record<string, string>): void {
    if (this.frames.length >= DEEPEST) throw new Error(TOO_DEEP);
    this.openedAt = this.parser?.endIndex ?? -1;
    const parent = this.frames.at(-1);
    if (parent?.role === 'skip' && !/(?:item|entry)$/i.test(written)) {
      this.frames.push(parent);
      return;
    }
    const attributes = this.decodeAttributes(raw);
    const scope = scopeInside(parent?.scope ?? noNamespaces(), attributes, !this.items.isInside);
    const name = canonicalName(written, scope);
    const own = baseIn(attributes);
    const before = parent?.base ?? null;
    const base = own === undefined ? before : joined(own, before ?? this.url);
    const frame = { name, scope, base, attributes };
    if (name === 'entry' && !parent) this.head.openEntry(attributes);
    const role = this.roleOf(frame, parent);
    if (role === 'item') this.beginItem(frame);
    if (role === 'markup') {
      const opened: Frame = { ...frame, role, field: parent!.field };
      this.frames.push(opened);
      addTag(opened.field!, opened);
      return;
    }
    const isInner = parent?.role === 'through' && !name.startsWith('media:');
    const field = role === 'field' ? openField(name, frame, isInner) : null;
    this.frames.push({ ...frame, role, field });
    if (role === 'through' && FIELDS.has(name)) this.items.finish(openField(name, frame));
    if (role === 'outer') this.head.open(frame, parent);
  }

  ontext(data: string): void {
    const field = this.frames.at(-1)?.field;
    if (!field && !this.head.isReading) return;
    const text = this.isInCdata ? data : decodeReferences(data, this.entities);
    if (field) addWords(field, text);
    else this.head.addText(text);
  }

  oncdatastart(): void {
    this.isInCdata = true;
  }

  oncdataend(): void {
    this.isInCdata = false;
  }

  onclosetag(_written: string, isImplied: boolean): void {
    const frame = this.frames.pop();
    if (!frame) return;
    if (this.isAtEnd) {
      if (frame.role === 'item' && this.items.isInside) {
        this.items.drop();
        this.faults.add(BREAKS_OFF);
      }
      return;
    }
    const isSelfClosed = this.parser?.endIndex === this.openedAt;
    if (isImplied && !isSelfClosed && this.faults.size < MOST_FAULTS) {
      this.faults.add(`<${frame.name.slice(0, 40)}> is not closed`);
    }
    if (frame.role === 'markup') closeTag(frame.field!, frame);
    else if (frame.role === 'field') this.items.finish(frame.field!);
    else if (frame.role === 'item') this.items.end();
    else if (frame.role === 'outer') this.head.close(frame);
  }

  private roleOf(frame: Omit<Frame, 'role' | 'field'>, parent: Frame | undefined): Role {
    const { name } = frame;
    const isItem = name === 'item' || name === 'entry';
    const field = parent?.field;
    if (isItem && this.head.root !== null && !(field?.isXml && !field.isDone)) return 'item';
    if (!this.items.isInside || !parent) return 'outer';
    if (field && !field.isDone) {
      const isBroken = !field.isXml && (ENDS_TEXT.test(name) || (name === 'link' && field.name !== 'image'));
      if (field.name === 'image' && name === 'url') return 'field';
      if (field.name === 'image' && !isBroken) return 'skip';
      if (!isBroken) return 'markup';
      this.faults.add(`<${field.name}> is not closed`);
      this.items.finish(field);
    } else if (parent.role === 'skip') return 'skip';
    if (THROUGH.includes(name)) return 'through';
    // Atom's has a title, an id and more of another feed in it.
    return FIELDS.has(name) && !(name === 'source' && this.head.isAtom) ? 'field' : 'skip';
  }

  private beginItem(frame: Omit<Frame, 'role' | 'field'>): void {
    if (this.items.isInside) {
      // The one before was never closed; what is open of it belongs to nothing any more.
      this.faults.add('an item is not closed');
      for (const open of this.frames) {
        if (open.role === 'field' && open.field) this.items.finish(open.field);
        if (open.role !== 'outer') open.role = 'skip';
        open.field = null;
      }
      this.items.end();
    }
    if (this.items.count >= MOST_ITEMS) {
      this.faults.add(`it has more than ${MOST_ITEMS} items; the first ${MOST_ITEMS} are read`);
      throw new Enough();
    }
    this.items.begin(frame);
  }

  private decodeAttributes(raw: Record<string, string>): Record<string, string> {
    const decoded: Record<string, string> = {};
    let count = 0;
    for (const name in raw) {
      if (count++ > MOST_ATTRIBUTES) break;
      decoded[name.toLowerCase()] = decodeReferences(raw[name] ?? '', this.entities);
    }
    return decoded;
  }
}

/** An element's own base. One that is empty or a fragment says nothing that was not known. */
function baseIn(attributes: Record<string, string>): string | undefined {
  const base = attributes['xml:base'];
  return base === undefined || /^\s*(?:#|$)/.test(base) ? undefined : base;
}
