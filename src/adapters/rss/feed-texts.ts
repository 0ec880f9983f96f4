import type { Field } from './feed-frames.ts';

/** Elements whose text is for people; the others hold addresses, dates and ids. */
const TEXTS =
  /^(?:title|dc:title|media:title|itunes:title|description|dc:description|content:encoded|content|summary|abstract|body|xhtml:body|xhtml:div|itunes:summary|itunes:subtitle|media:description)$/;

/** Attributes that are read of the other elements. */
const READ = ['rel', 'href', 'url', 'type', 'medium', 'width', 'height', 'ispermalink', 'isdefault'];

/** RDF's name for what others call url. */
const RESOURCES = ['rdf:resource', 'enc:resource', 'resource'];

export function isHtmlText(name: string): boolean {
  return TEXTS.test(name);
}

/**
 * The attributes that a field is handed on with. A text says in `type` whether it is "html" or "text", whatever words
 * its feed has for that: Atom 0.3 wrote type="text/html" mode="escaped", Atom 1.0 type="html"; in RSS any text may be HTML.
 */
export function textAttributes(name: string, field: Field, isAtom: boolean): Record<string, string> {
  const { attributes } = field;
  if (!isHtmlText(name)) {
    const read = Object.fromEntries(READ.flatMap((key) => (attributes[key] ? [[key, attributes[key]]] : [])));
    const resource = RESOURCES.map((key) => attributes[key]).find(Boolean);
    return resource && !read.url ? { ...read, url: resource } : read;
  }
  const type = (attributes.type ?? '').trim().toLowerCase();
  if (name === 'content' && attributes.src) return { type: 'text', src: attributes.src };
  const isBase64 =
    attributes.mode?.toLowerCase() === 'base64' ||
    (isAtom && name === 'content' && /^(?!text\/)[a-z]+\/[\w.+-]+$/.test(type) && !/xml/.test(type));
  const isHtml =
    !isAtom || field.hasMarkup || /html|xml/.test(type) || (isBase64 && !/^text\/plain/.test(type));
  return { type: isHtml ? 'html' : 'text', ...(isBase64 ? { base64: 'yes' } : {}) };
}
