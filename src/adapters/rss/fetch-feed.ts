import http from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { checkedLookup, type Reach, RefusedAddress, refuseAddress } from './addresses.ts';

export interface FetchLimits {
  /** From the first connection to the last byte, redirects included. */
  totalMs: number;
  /** Of the body, as sent and after decompression. */
  maxBytes: number;
  maxRedirects: number;
}

export const FETCH_LIMITS: FetchLimits = { totalMs: 10_000, maxBytes: 5_000_000, maxRedirects: 5 };

export interface FetchRequest {
  url: string;
  etag: string | null;
  lastModified: string | null;
  userAgent: string;
  limits: FetchLimits;
  /** What may be connected to for this URL; null: no check, it is our own. Asked again for every redirect. */
  reach: (url: URL) => Reach | null;
}

export type Fetched =
  | {
      status: 'fetched';
      /** Where the redirects ended. */
      url: string;
      body: Buffer;
      contentType: string | null;
      etag: string | null;
      lastModified: string | null;
    }
  | { status: 'unchanged' }
  | { status: 'failed'; error: string; retryAfterMs: number | null };

/** Why a fetch ended, in words for the marketer. */
class FetchFault extends Error {
  readonly retryAfterMs: number | null;
  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A conditional GET of a feed, within the limits. Never throws: a fault is an answer in words. */
export async function fetchFeed(request: FetchRequest): Promise<Fetched> {
  const signal = AbortSignal.timeout(request.limits.totalMs);
  try {
    return await follow(request, new URL(request.url), 0, signal);
  } catch (error) {
    const { totalMs } = request.limits;
    if (signal.aborted) {
      return failed(`no complete answer within ${totalMs / 1000} seconds; that is all a feed is given`);
    }
    if (error instanceof FetchFault) return failed(error.message, error.retryAfterMs);
    return failed(inWords(error));
  }
}

async function follow(
  request: FetchRequest,
  url: URL,
  redirects: number,
  signal: AbortSignal,
): Promise<Fetched> {
  const response = await get(request, url, signal);
  try {
    const status = response.statusCode ?? 0;
    const location = response.headers.location;
    if ([301, 302, 303, 307, 308].includes(status) && location !== undefined) {
      if (redirects >= request.limits.maxRedirects) {
        throw new FetchFault(
          `more than ${request.limits.maxRedirects} redirects, the last one to ${location}`,
        );
      }
      if (!URL.canParse(location, url.href))
        throw new FetchFault(`a redirect to "${location}", which is no URL`);
      response.destroy();
      return await follow(request, new URL(location, url), redirects + 1, signal);
    }
    if (status === 304 && (request.etag !== null || request.lastModified !== null)) {
      return { status: 'unchanged' };
    }
    if (status !== 200) {
      const words = status === 410 ? '410: the feed is gone for good' : statusInWords(response);
      throw new FetchFault(`the server answered ${words}`, retryAfterMs(response));
    }
    return {
      status: 'fetched',
      url: url.href,
      body: await readBody(response, request.limits.maxBytes),
      contentType: response.headers['content-type'] ?? null,
      etag: response.headers.etag ?? null,
      lastModified: response.headers['last-modified'] ?? null,
    };
  } finally {
    response.destroy();
  }
}

function get(request: FetchRequest, url: URL, signal: AbortSignal): Promise<http.IncomingMessage> {
  if (!/^https?:$/.test(url.protocol)) {
    throw new FetchFault(`found "${url.protocol}//…"; allowed are http:// and https://`);
  }
  const reach = request.reach(url);
  if (reach !== null) refuseAddress(url, reach);
  const headers: Record<string, string> = {
    'user-agent': request.userAgent,
    accept:
      'application/rss+xml, application/atom+xml, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1',
    'accept-encoding': 'gzip, br',
    ...(request.etag === null ? {} : { 'if-none-match': request.etag }),
    ...(request.lastModified === null ? {} : { 'if-modified-since': request.lastModified }),
  };
  const options: https.RequestOptions = {
    headers,
    signal,
    // Each connection is made for one look-up that was checked, and not kept for another.
    agent: false,
    ...(reach === null ? {} : { lookup: checkedLookup(reach) }),
  };
  return new Promise((resolve, reject) => {
    const client = url.protocol === 'https:' ? https : http;
    client.get(url, options, resolve).on('error', reject);
  });
}

async function readBody(response: http.IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = (response.headers['content-encoding'] ?? '').trim().toLowerCase();
  const chunks: Buffer[] = [];
  let sent = 0;
  let bytes = 0;
  const tooLarge = () => new FetchFault(`more than ${maxBytes / 1_000_000} MB; that is all a feed may have`);
  async function* counted(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      sent += chunk.length;
      if (sent > maxBytes) throw tooLarge();
      yield chunk;
    }
  }
  async function collect(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge();
      chunks.push(chunk);
    }
  }
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  if (encoding === '' || encoding === 'identity') await pipeline(response, counted, collect);
  else if (encoding === 'gzip' || encoding === 'x-gzip')
    await pipeline(response, counted, createGunzip(), collect);
  else if (encoding === 'br') await pipeline(response, counted, createBrotliDecompress(), collect);
  else throw new FetchFault(`found the content encoding "${encoding}"; allowed are gzip and br`);
  return Buffer.concat(chunks);
}

/** Retry-After in seconds, or as a date, which counts from the server's own clock. */
function retryAfterMs(response: http.IncomingMessage): number | null {
  const asked = response.headers['retry-after']?.trim();
  if (asked === undefined) return null;
  if (/^\d{1,9}$/.test(asked)) return Number(asked) * 1000;
  const wait = Date.parse(asked) - Date.parse(response.headers.date ?? '');
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

function statusInWords({ statusCode, statusMessage }: http.IncomingMessage): string {
  const words = statusMessage || http.STATUS_CODES[statusCode ?? 0] || '';
  return `${statusCode} ${words.slice(0, 80)}`.trim();
}

function inWords(error: unknown): string {
  if (error instanceof RefusedAddress) return error.message;
  // Several addresses were tried: each has its own error.
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  const { code = '', message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOTFOUND') return `its host name does not exist (${message})`;
  if (code === 'EAI_AGAIN') return `its host name could not be looked up for now (${message})`;
  if (code === 'ECONNREFUSED') return `nothing answers there (${message})`;
  if (code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE' || message === 'aborted') {
    return 'the connection broke off before the end';
  }
  if (code === 'Z_BUF_ERROR') return 'the compressed answer broke off before the end';
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT')) {
    return `the answer is not compressed as it says (${message})`;
  }
  if (/CERT|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(code)) return `its certificate is not good: ${message}`;
  return message || String(error);
}

function failed(error: string, retryAfterMs: number | null = null): Fetched {
  return { status: 'failed', error, retryAfterMs };
}
