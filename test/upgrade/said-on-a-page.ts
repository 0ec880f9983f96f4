import { decodeHTML } from 'entities';

/** What a person reads on a page, its hints on hover included. */
export function textOf(html: string): string {
  const shown = html
    .replace(/<(script|style)\b[\s\S]*?<\/\1>/g, ' ')
    .replace(/<[^>]*?\b(?:title|aria-label)="([^"]*)"[^>]*>/g, ' $1 ')
    .replace(/<[^>]+>/g, ' ');
  return decodeHTML(shown).replace(/\s+/g, ' ');
}

/** Traces of a reason that was shown as it is kept, or of a text that is missing. */
export const RAW =
  /\{"code"|\[object Object\]|\bundefined\b|\bNaN\b|\b(?:staff|reasons|mails)(?:\.[a-zA-Z-]+){2,}|\{[a-zA-Z]+\}/;

/** Of a sentence of before what every language says alike: names in quotation marks, addresses, a server's words. */
export function dataIn(sentence: string): string[] {
  // An answer of sales is a word of ours: each language has its own for it.
  const quoted = [...sentence.matchAll(/"([^"]+)"/g)]
    .map(([, name = '']) => name)
    .filter((name) => !/^[a-z-]+$/.test(name));
  const addresses = sentence.match(/[\w.+-]+@[\w.-]+/g) ?? [];
  const servers = /^\d{3} \d\.\d\.\d /.test(sentence) ? [sentence] : [];
  return [...quoted, ...addresses, ...servers];
}

/** How much of an English sentence stands on a page: the share of its longer words. */
export function shareOfWords(sentence: string, page: string): number {
  const words = sentence.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
  const text = page.toLowerCase();
  return words.length === 0 ? 1 : words.filter((word) => text.includes(word)).length / words.length;
}
