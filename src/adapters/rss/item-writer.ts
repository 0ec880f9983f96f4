import { handedName } from './feed-fields.ts';
import { type Field, type Frame, textOf } from './feed-frames.ts';
import { isHtmlText, textAttributes } from './feed-texts.ts';
import { escapeXml, wrapXml } from './html/entities.ts';

/** An item has fewer fields than this. */
const MOST_FIELDS = 200;

/** Attributes of an item itself that say what its elements say elsewhere: RDF's address, CDF's address and date. */
const OWN_ATTRIBUTES = { 'rdf:about': /^(?:.*:)?about$/, href: /^href$/, lastmod: /^lastmod$/ };

/** Writes items as XML that rss-parser takes, with one name for each field. */
export class ItemWriter {
  readonly out: string[] = [];
  /** So many were begun and ended, with something in them or not. */
  count = 0;
  private item: { out: string[]; inner: string[]; base: string | null; fields: number } | null = null;
  private readonly isAtom: () => boolean;

  constructor(isAtom: () => boolean) {
    this.isAtom = isAtom;
  }

  get isInside(): boolean {
    return this.item !== null;
  }

  begin({ attributes, base }: Pick<Frame, 'attributes' | 'base'>): void {
    const own = Object.entries(OWN_ATTRIBUTES).map(([handed, pattern]): [string, string] => [
      handed,
      Object.entries(attributes).find(([name]) => pattern.test(name))?.[1] ?? '',
    ]);
    const named = [['xml:base', base ?? ''] as [string, string], ...own].filter(([, value]) => value);
    const out = [`<${this.isAtom() ? 'entry' : 'item'}${written(named)}>`];
    this.item = { out, inner: [], base, fields: 0 };
  }

  /** Half an article is none. */
  drop(): void {
    this.item = null;
  }

  end(): void {
    if (!this.item) return;
    // rss-parser does not take an item with nothing in it.
    if (this.item.fields > 0) {
      this.out.push(...this.item.out, ...this.item.inner, this.isAtom() ? '</entry>' : '</item>');
    }
    this.count++;
    this.item = null;
  }

  finish(field: Field): void {
    if (field.isDone) return;
    field.isDone = true;
    if (!this.item || this.item.fields >= MOST_FIELDS) return;
    const name = field.name === 'url' ? 'image' : field.name;
    let text = textOf(field);
    const { base64, ...attributes } = textAttributes(name, field, this.isAtom());
    const given: Record<string, string> = { ...attributes };
    if (field.base !== null && field.base !== this.item.base) given['xml:base'] = field.base;
    if (base64 === 'yes' && isHtmlText(name)) text = Buffer.from(text, 'base64').toString('utf8');
    if (this.isAtom() && name === 'link' && given.href === undefined) {
      given.href = text.trim();
      text = '';
    }
    this.item.fields++;
    const handed = handedName(name);
    const out = field.isInner ? this.item.inner : this.item.out;
    out.push(`<${handed}${written(Object.entries(given))}>${wrapXml(text)}</${handed}>`);
  }
}

function written(attributes: [string, string][]): string {
  return attributes.map(([name, value]) => ` ${name}="${escapeXml(value)}"`).join('');
}
