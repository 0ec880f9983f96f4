import { Parser } from 'htmlparser2';

/** What is not read: code, what a program reads, and what a person typed or may copy. */
const UNREAD = new Set(['script', 'style', 'code', 'pre', 'textarea', 'template']);
const READ_ATTRIBUTES = ['alt', 'title', 'aria-label', 'placeholder', 'data-label', 'label'];

/**
 * The texts a person reads or hears on a page, each as it stands between two tags. What is marked as being in another
 * language than the page (the name of that language, an article's title) is left out.
 */
export function visibleTexts(html: string): string[] {
  const texts: string[] = [];
  const open: { name: string; isRead: boolean }[] = [];
  let language: string | undefined;
  let text = '';
  const close = () => {
    if (text.trim() !== '') texts.push(text.replace(/\s+/g, ' ').trim());
    text = '';
  };
  const isRead = () => open.at(-1)?.isRead ?? true;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        close();
        if (name === 'html') language = attributes.lang;
        const isOwn = attributes.lang === undefined || attributes.lang === language;
        const readHere = isRead() && isOwn && !UNREAD.has(name);
        if (isOwn && isRead())
          for (const attribute of READ_ATTRIBUTES)
            if (attributes[attribute]) texts.push(attributes[attribute].replace(/\s+/g, ' ').trim());
        open.push({ name, isRead: readHere });
      },
      ontext(data) {
        if (isRead()) text += data;
      },
      onclosetag() {
        close();
        open.pop();
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
  close();
  return texts.filter((one) => one !== '');
}
