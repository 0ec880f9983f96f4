/** An absolute web address without sign-in data, or null: "javascript:" and its like lead nowhere. */
export function resolveAddress(written: string, base: URL | string): URL | null {
  let text = written.trim();
  if (text === '' && typeof base === 'string') return URL.canParse(base) ? new URL(base) : null;
  if (/^www\.[\w-]+\./i.test(text)) text = `https://${text}`;
  text = text.replace(/^feed:(?=https?:)/i, '').replace(/^feed:\/\//i, 'https://');
  if (text.length > 2000 || !URL.canParse(text, String(base))) return null;
  const url = new URL(text, base);
  if (!/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  url.username = '';
  url.password = '';
  return url;
}
