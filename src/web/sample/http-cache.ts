import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether what the caller has is still right (RFC 9110, 13.2.2): an If-None-Match decides alone; only without one
 * does If-Modified-Since count, to the second. Comparison is weak, as proxies turn a tag into W/"…".
 */
export function notModified(headers: IncomingHttpHeaders, etag: string, modifiedAt: Date): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return Math.floor(modifiedAt.getTime() / 1000) * 1000 <= since;
}
