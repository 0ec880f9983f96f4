import { Parser } from 'htmlparser2';
import { readDate } from '../../domain/content/feed-date.ts';
import { decodeReferences, escapeXml, withoutDoctype, wrapXml } from './entities.ts';
import { ATOM_DATES, BREAKS_OFF, ENDS_TEXT, FIELDS, handedName, THROUGH } from './feed-fields.ts';
import { formatOf } from './feed-format.ts';
import {
  addTag,
  addText,
  closeTag,
  type Field,
  type Frame,
  joined,
  openField,
  type Role,
} from './feed-frames.ts';
import { isHtmlText, textAttributes } from './feed-texts.ts';
import { canonicalName, nameAfterRoot, noNamespaces, scopeInside } from './names.ts';

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
  isAtom: boolean;
  /** "RSS 2.0", "Atom 1.0", for people. */
  format: string;
  title: string;
  link: string | null;
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

/** An item has fewer fields than this. */
const MOST_FIELDS = 200;

const MOST_FAULTS = 10;
const MOST_ATTRIBUTES = 100;

class Enough extends Error {}

/** Throws an Error in words for what is no feed or an attack. `url` is where the feed was. */
export function prepareFeed(text: string, url: string): PreparedFeed {
  const start = text.indexOf('<');
  if (start === -1) return new FeedWriter(new Map(), url).result();
  const { xml, entities } = withoutDoctype(text.slice(start));
  const writer = new FeedWriter(entities, url);
  const parser = new Parser(writer, { xmlMode: true, decodeEntities: false });
  try {
    parser.write(xml);
    writer.isAtEnd = true;
    parser.end();
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return writer.result();
}

class FeedWriter {
  isAtEnd = false;
  private parser: Parser | null = null;
  /** Where the last opening tag ended: a closing event at the same place is of "<link/>". */
  private openedAt = -1;
  private readonly frames: Frame[] = [];
  private readonly out: string[] = [];
  private item: { out: string[]; base: string | null; fields: number } | null = null;
  private items = 0;
  private root: string | null = null;
  private first: string | null = null;
  private format = '';
  private title: string | null = null;
  private link: string | null = null;
  private base: string | null = null;
  private channelText: string[] | null = null;
  private isInCdata = false;
  private readonly faults = new Set<string>();
  private readonly entities: ReadonlyMap<string, string>;
  private readonly url: string;

  constructor(entities: ReadonlyMap<string, string>, url: string) {
    this.entities = entities;
    this.url = url;
  }

  result(): PreparedFeed {
    const isAtom = this.root === 'feed';
    const [open, close] = isAtom
      ? ['<feed>', '</feed>']
      : ['<rss version="2.0"><channel>', '</channel></rss>'];
    // rss-parser takes no feed with nothing in it.
    const title = `<title>${escapeXml(this.title ?? '')}</title>`;
    return {
      xml: this.root === null ? '' : `${open}${title}${this.out.join('')}${close}`,
      isAtom,
      format: this.root === null ? (this.first ?? '') : this.format,
      title: this.title ?? '',
      link: this.link,
      base: this.base,
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
    const scope = scopeInside(parent?.scope ?? noNamespaces(), attributes, this.item === null);
    const name = canonicalName(written, scope);
    const own = attributes['xml:base'];
    const before = parent?.base ?? null;
    const base = own === undefined ? before : joined(own, before ?? this.url);
    const frame = { name, scope, base, attributes };
    const role = this.roleOf(frame, parent);
    if (role === 'item') this.beginItem(frame);
    if (role === 'markup') {
      const opened: Frame = { ...frame, role, field: parent!.field };
      this.frames.push(opened);
      addTag(opened.field!, opened);
      return;
    }
    const field = role === 'field' ? openField(name, frame) : null;
    this.frames.push({ ...frame, role, field });
    if (role === 'through' && FIELDS.has(name)) this.finishField(openField(name, frame));
    if (role === 'outer') this.lookOutside(frame, parent);
  }

  ontext(data: string): void {
    const frame = this.frames.at(-1);
    if (frame?.field) addText(frame.field, this.isInCdata ? data : decodeReferences(data, this.entities));
    else if (this.channelText && this.channelText.length < 50) {
      this.channelText.push(this.isInCdata ? data : decodeReferences(data, this.entities));
    }
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
      // Half an article is none.
      if (frame.role === 'item' && this.item !== null) {
        this.item = null;
        this.faults.add(BREAKS_OFF);
      }
      return;
    }
    const isSelfClosed = this.parser?.endIndex === this.openedAt;
    if (isImplied && !isSelfClosed && this.faults.size < MOST_FAULTS) {
      this.faults.add(`<${frame.name.slice(0, 40)}> is not closed`);
    }
    if (frame.role === 'markup') closeTag(frame.field!, frame);
    else if (frame.role === 'field') this.finishField(frame.field!);
    else if (frame.role === 'item') this.endItem();
    else if (frame.role === 'outer') this.endOutside(frame);
  }

  private roleOf(frame: Omit<Frame, 'role' | 'field'>, parent: Frame | undefined): Role {
    const { name } = frame;
    const isItem = name === 'item' || name === 'entry';
    const field = parent?.field;
    if (isItem && this.root !== null && !(field?.isXml && !field.isDone)) return 'item';
    if (!this.item || !parent) return 'outer';
    if (field && !field.isDone) {
      const isBroken = !field.isXml && (ENDS_TEXT.test(name) || (name === 'link' && field.name !== 'image'));
      if (field.name === 'image' && name === 'url') return 'field';
      if (field.name === 'image' && !isBroken) return 'skip';
      if (!isBroken) return 'markup';
      this.faults.add(`<${field.name}> is not closed`);
      this.finishField(field);
    } else if (parent.role === 'skip') return 'skip';
    if (THROUGH.includes(name)) return 'through';
    return FIELDS.has(name) ? 'field' : 'skip';
  }

  private beginItem(frame: Omit<Frame, 'role' | 'field'>): void {
    if (this.item) {
      // The one before was never closed; what is open of it belongs to nothing any more.
      this.faults.add('an item is not closed');
      for (const open of this.frames) {
        if (open.role === 'field' && open.field) this.finishField(open.field);
        if (open.role !== 'outer') open.role = 'skip';
        open.field = null;
      }
      this.endItem();
    }
    if (this.items >= MOST_ITEMS) {
      this.faults.add(`it has more than ${MOST_ITEMS} items; the first ${MOST_ITEMS} are read`);
      throw new Enough();
    }
    const about = Object.entries(frame.attributes).find(([name]) => /^(?:.*:)?about$/.test(name))?.[1] ?? '';
    const named = Object.entries({ 'xml:base': frame.base ?? '', 'rdf:about': about }).filter(
      ([, value]) => value,
    );
    this.item = {
      out: [`<${this.root === 'feed' ? 'entry' : 'item'}${written(named)}>`],
      base: frame.base,
      fields: 0,
    };
  }

  private endItem(): void {
    if (!this.item) return;
    // rss-parser does not take an item with nothing in it.
    if (this.item.fields > 0) {
      this.out.push(...this.item.out, this.root === 'feed' ? '</entry>' : '</item>');
    }
    this.items++;
    this.item = null;
  }

  private finishField(field: Field): void {
    if (field.isDone) return;
    field.isDone = true;
    if (!this.item || this.item.fields >= MOST_FIELDS) return;
    const isAtom = this.root === 'feed';
    const name = field.name === 'url' ? 'image' : field.name;
    let text = field.parts.join('');
    const { base: _, ...attributes } = textAttributes(name, field, isAtom);
    const given: Record<string, string> = { ...attributes };
    if (field.base !== null && field.base !== this.item.base) given['xml:base'] = field.base;
    if (isHtmlText(name)) text = given.base64 === 'yes' ? Buffer.from(text, 'base64').toString('utf8') : text;
    delete given.base64;
    if (isAtom && name === 'link' && given.href === undefined) {
      given.href = text.trim();
      text = '';
    }
    if (isAtom && ATOM_DATES.includes(name)) {
      const date = readDate(text);
      if (!date) return;
      text = date.toISOString();
    }
    this.item.fields++;
    const handed = handedName(name);
    this.item.out.push(`<${handed}${written(Object.entries(given))}>${wrapXml(text)}</${handed}>`);
  }

  /** What stands above the items: what kind of feed it is, its title and its page. */
  private lookOutside(
    { name, attributes, base, scope }: Omit<Frame, 'role' | 'field'>,
    parent: Frame | undefined,
  ): void {
    this.first ??= name;
    const local = name.slice(name.indexOf(':') + 1);
    if (
      this.root === null &&
      (local === 'rss' || local === 'feed' || local === 'rdf' || local === 'channel')
    ) {
      this.root = local;
      nameAfterRoot(name, scope);
      this.format = formatOf(local, attributes);
      this.base = base;
      return;
    }
    if (local === 'channel' && this.base === null) this.base = base;
    const isOfFeed = parent?.name === 'channel' || parent?.name === 'feed';
    if (!isOfFeed) return;
    if (name === 'link' && attributes.href !== undefined) {
      const isPage = /^(?:.*\/)?alternate$/i.test(attributes.rel ?? 'alternate');
      if (isPage && this.link === null) this.link = joined(attributes.href, base);
    } else if ((name === 'title' && this.title === null) || (name === 'link' && this.link === null)) {
      this.channelText = [];
    }
  }

  private endOutside({ name, base }: Frame): void {
    const text = this.channelText?.join('').trim() ?? '';
    this.channelText = null;
    if (name === 'title' && this.title === null && text !== '') this.title = text.slice(0, 300);
    if (name === 'link' && this.link === null && text !== '') this.link = joined(text, base).slice(0, 2000);
  }

  private decodeAttributes(raw: Record<string, string>): Record<string, string> {
    const decoded: Record<string, string> = {};
    let count = 0;
    for (const name in raw) {
      if (count++ > MOST_ATTRIBUTES) break;
      const value = raw[name] ?? '';
      decoded[name.toLowerCase()] = decodeReferences(value, this.entities);
    }
    return decoded;
  }
}

function written(attributes: [string, string][]): string {
  return attributes.map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('');
}
