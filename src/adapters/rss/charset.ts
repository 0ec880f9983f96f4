/**
 * The text of a feed's bytes. The charset is that of the byte order mark, else of the HTTP header, else of the XML
 * declaration, else UTF-8. Bytes that are no UTF-8 are read as the declaration says, at last as windows-1252, which
 * every byte fits.
 */
export function decodeFeed(body: Buffer, contentType: string | null): string {
  const marked = byMark(body);
  if (marked) return read(body, marked) ?? new TextDecoder(marked).decode(body);
  const header = /charset\s*=\s*["']?([\w.:-]+)/i.exec(contentType ?? '')?.[1];
  const declared = declaration(body);
  for (const charset of [header, declared, 'utf-8']) {
    const text = charset === undefined ? null : read(body, charset);
    if (text !== null) return text;
  }
  return new TextDecoder('windows-1252').decode(body);
}

/** Null when the charset is unknown here, or the bytes are not of it. */
function read(body: Buffer, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    return null;
  }
}

/** By the byte order mark, or by how "<" lies in memory (XML 1.0, appendix F). */
function byMark(body: Buffer): string | null {
  const [a, b, c, d] = body;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0 && c !== 0 && d === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c && c === 0 && d !== 0)) return 'utf-16be';
  return null;
}

function declaration(body: Buffer): string | undefined {
  const start = body.subarray(0, 400).toString('latin1');
  const charset = /^\s*<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)["']/i.exec(start)?.[1];
  // It could be read byte by byte, so it is not UTF-16, whatever it says.
  return charset && /^(utf-?16|ucs-?2|iso-10646)/i.test(charset) ? undefined : charset;
}
