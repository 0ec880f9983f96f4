import { isElement } from './html-elements.ts';

/** Stands for a "<" that begins no tag while tags are read; it is none of any language. */
export const LESS_THAN = '\ufdd0';

/** "<", with the name after it if it may begin a tag. */
const MAYBE_TAG = /<(\/?)([a-z][\w:.-]*)?(?=([/!?])?)/gi;

/** Elements that people forget to end, so that one without an end is markup all the same. */
const SLOPPY =
  /^(?:p|br|hr|wbr|li|ul|ol|dl|dt|dd|table|tbody|thead|tr|td|th|b|i|u|s|em|strong|strike|a|span|div|font|small|big|sub|sup|center|h[1-6]|img|blockquote|article|section|html|body)$/;
/** Of these, what breaks lines: as often as it likes, and nobody writes about it in the middle of a text. */
const BREAKS = /^(?:p|br|hr|li|d[td]|t[dhr]|div|h[1-6])$/;
/** Never shown as text while they may hold what is none: programs that cut texts leave them open. */
const SCRIPTS = /^(?:script|style|iframe|noscript|svg|object|embed)$/;

/** Before and after a name that stands in a sentence: "the <head> element", "(<b>)", "<button>: when?". */
const BEFORE = /[\s([{"'«“„‘`,;:/–—-]/;
const AFTER = /[\s)\]}"'»”’`.,:;!?/…–—-]/;

/**
 * HTML whose every "<" begins a tag: in "<3", "a <b" with no ">" after it, and "List<String>" it is a character. So it is in
 * "A guide to <head> elements": titles are plain text in most feeds, and an element that nothing ends and that has no
 * attributes is what the title is about. In a longer text only those count that stand in a sentence and that nobody
 * leaves open by mistake. A comment that never ends is none of it.
 */
export function withTagsAlone(html: string, isTitle: boolean): string {
  const open = html.indexOf('<!--', html.lastIndexOf('-->') + 1);
  const uncommented = open === -1 ? html : html.slice(0, open);
  const whole = isTitle ? withEmptyPairsAsText(uncommented) : uncommented;
  const last = whole.lastIndexOf('>');
  const found = new Names(whole);
  return whole.replace(
    MAYBE_TAG,
    (tag, slash: string, name: string | undefined, mark: string | undefined, at: number) => {
      const isTag =
        name === undefined
          ? mark !== undefined || slash !== ''
          : isElement(name) || found.isEnded(name)
            ? !isNamed(found, isTitle, slash, name.toLowerCase(), at)
            : !endsFirst(whole, at);
      return isTag && at <= last ? tag : `${LESS_THAN}${tag.slice(1)}`;
    },
  );
}

/** Whether the tag is the name of an element that the text speaks of. */
function isNamed(found: Names, isTitle: boolean, slash: string, name: string, at: number): boolean {
  const { html } = found;
  const end = html.indexOf('>', at);
  if (end === -1 || end - at > 60) return false;
  const inside = html.slice(at + slash.length + 1 + name.length, end);
  const stands = BEFORE.test(html[at - 1] ?? ' ') && AFTER.test(html[end + 1] ?? ' ');
  if (slash !== '') return isTitle && stands && !found.isBegun(name);
  if (found.isEnded(name) || /[=<]/.test(inside) || /\/\s*$/.test(inside)) return false;
  // "If a<b and c>d": attributes of such elements have values.
  if (SLOPPY.test(name) && /[^\s/]/.test(inside)) return true;
  // Tags one after the other are markup.
  if (html[at - 1] === '>' || html[end + 1] === '<') return false;
  if (isTitle) return SLOPPY.test(name) ? stands && found.isAlone(name) : true;
  if (!stands || SCRIPTS.test(name) || !/[^\s>]\s*$/.test(html.slice(Math.max(0, at - 20), at))) return false;
  return SLOPPY.test(name) ? !BREAKS.test(name) && !found.hasMarkup : true;
}

/** The names of a text's tags. What it costs to find is paid only where it is asked. */
class Names {
  readonly html: string;
  private ended: Set<string> | null = null;
  private begun: Map<string, number> | null = null;
  private markup: boolean | null = null;

  constructor(html: string) {
    this.html = html;
  }

  isEnded(name: string): boolean {
    this.ended ??= new Set(this.html.toLowerCase().match(/(?<=<\/)[a-z][\w.:-]*/g));
    return this.ended.has(name.toLowerCase());
  }

  isBegun(name: string): boolean {
    return this.times(name) > 0;
  }

  isAlone(name: string): boolean {
    return this.times(name) === 1;
  }

  /** Tags that are ones beyond doubt. */
  get hasMarkup(): boolean {
    this.markup ??= /<\/[a-z]|<[a-z][^<>]{0,300}=|<(?:p|br|li|div|td)\b/i.test(this.html);
    return this.markup;
  }

  private times(name: string): number {
    if (this.begun === null) {
      this.begun = new Map();
      for (const found of this.html.toLowerCase().match(/(?<=<)[a-z][\w.:-]*/g) ?? []) {
        this.begun.set(found, (this.begun.get(found) ?? 0) + 1);
      }
    }
    return this.begun.get(name) ?? 0;
  }
}

/** "Using <slot></slot>": with nothing in it, it can only be what the title is about. */
function withEmptyPairsAsText(html: string): string {
  return html.replace(/<([a-z][\w-]*)>\s*<\/\1>/gi, (pair, name: string) =>
    SLOPPY.test(name.toLowerCase()) || SCRIPTS.test(name.toLowerCase()) || !isElement(name)
      ? pair
      : pair.replaceAll('<', LESS_THAN),
  );
}

/** Whether what looks like a tag ends before the next one begins: "<scr<script>" is a trick. */
function endsFirst(html: string, at: number): boolean {
  const next = html.indexOf('<', at + 1);
  return next === -1 || html.indexOf('>', at) < next;
}
