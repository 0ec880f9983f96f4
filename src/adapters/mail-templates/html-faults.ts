import { cut } from '../../domain/text.ts';

const VOID = new Set([
  'area',
  'base',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);

/** Tags that are not closed, or closed without having been opened. Conditional comments for Outlook are left out. */
export function unclosedTags(html: string): string[] {
  const open: string[] = [];
  for (const [, slash, name] of html
    .split('<!--')
    .map((part, at) => (at === 0 ? part : part.slice(Math.max(part.indexOf('-->'), -3) + 3)))
    .join('')
    .matchAll(/<(\/?)([a-z][\w-]*)(?![\w-])(?:"[^"]*"|[^"<>])*>/gi)) {
    const tag = name!.toLowerCase();
    if (VOID.has(tag)) continue;
    if (!slash) open.push(tag);
    else if (open.at(-1) === tag) open.pop();
    else return [`</${tag}> closes nothing; <${open.at(-1) ?? 'nothing'}> is open`];
  }
  return open.length > 0 ? [`<${open.join('>, <')}> never closed`] : [];
}

/** The addresses that a reader can follow, in order, each once. */
export function linksIn(html: string): string[] {
  const found = [...html.matchAll(/<a\s[^<>]*?href="([^"]*)"/g)].map(([, address]) => decode(address!));
  return [...new Set(found)];
}

/** Addresses of pictures. */
export function imagesIn(html: string): string[] {
  return [...html.matchAll(/<img\s[^<>]*?src="([^"]*)"/g)].map(([, address]) => decode(address!));
}

/** What a screen reader would stumble over: pictures without alt, links without words, headings that skip a level. */
export function accessFaults(html: string): string[] {
  const faults: string[] = [];
  for (const [image] of html.matchAll(/<img\s[^<>]*>/g)) {
    if (!/\salt="/.test(image)) faults.push(`a picture has no alt: ${cut(image, 120)}`);
  }
  for (const [, attributes, inside] of html.matchAll(/<a\s([^<>]*)>((?:(?!<a\s)[\s\S])*?)<\/a>/g)) {
    const words = inside!
      .replace(/<img(?=[^<>]*?alt="([^"]*)")[^<>]*>/g, '$1')
      .replace(/<[^<>]*>/g, '')
      .trim();
    if (!words && !attributes!.includes('aria-hidden="true"'))
      faults.push(`a link has no words: <a ${attributes}>`);
  }
  const levels = [...html.matchAll(/<h([1-6])[\s>]/g)].map(([, level]) => Number(level));
  if (levels.filter((level) => level === 1).length !== 1) faults.push('there must be exactly one h1');
  levels.forEach((level, i) => {
    if (level > (levels[i - 1] ?? 0) + 1) faults.push(`h${level} follows h${levels[i - 1] ?? 0}`);
  });
  if (!/<html[^<>]*\slang="[a-z]/.test(html) || !/<html[^<>]*\sdir="/.test(html))
    faults.push('html has no lang or dir');
  if (!/<title>[^<]+<\/title>/.test(html)) faults.push('there is no title');
  return faults;
}

function decode(address: string): string {
  return address
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
