/** An absolute web address without sign-in data, or null: "javascript:" and its like lead nowhere. */
export function resolveAddress(written: string, base: URL | string): URL | null {
  let text = written.trim();
  if (text === '' && typeof base === 'string') return URL.canParse(base) ? new URL(base) : null;
  if (/^www\.[\w-]+\./i.test(text)) text = `https://${text}`;
  // "http:/host" would be a path of the host that it stands on.
  text = text
    .replace(/^(https?:)\/(?=[\w-]+\.[\w-]+[./])/i, '$1//')
    .replace(/^feed:(?=https?:)/i, '')
    .replace(/^feed:\/\//i, 'https://');
  const url = text.length > 2000 ? null : parsed(text, base);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  url.username = '';
  url.password = '';
  return url;
}

function parsed(text: string, base: URL | string): URL | null {
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
