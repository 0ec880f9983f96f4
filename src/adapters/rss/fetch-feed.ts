import http from 'node:http';
import { redact } from '../../domain/redact.ts';
import { counted } from '../../domain/text.ts';
import type { Reach } from './http/addresses.ts';
import { FEED_LINE, type HostGate } from './http/host-gate.ts';
import { FetchFault, faultInWords, type Got, httpGet } from './http/http-get.ts';
import { readBody } from './http/read-body.ts';

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
  gate: HostGate;
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
      /** Where it has moved to for good; null when it has not. */
      movedTo: string | null;
    }
  | { status: 'unchanged'; movedTo: string | null }
  /** 410: it will never be there again. */
  | { status: 'gone'; error: string }
  | { status: 'failed'; error: string; retryAfterMs: number | null };

/** A conditional GET of a feed, within the limits. Never throws: a fault is an answer in words. */
export async function fetchFeed(request: FetchRequest): Promise<Fetched> {
  const url = new URL(request.url);
  // Waiting in line for the host is not the feed's fault: its time begins when it is let in.
  const leave = await request.gate.enter(`${FEED_LINE}${url.host}`);
  const signal = AbortSignal.timeout(request.limits.totalMs);
  let got: Got | undefined;
  try {
    got = await httpGet({
      url,
      headers: headersOf(request),
      maxRedirects: request.limits.maxRedirects,
      reach: request.reach,
      gate: request.gate,
      signal,
    });
    return await answerOf(got, request);
  } catch (error) {
    const { totalMs } = request.limits;
    if (signal.aborted) {
      return failed(
        `no complete answer within ${counted(totalMs / 1000, 'second')}; that is all a feed is given`,
      );
    }
    return failed(faultInWords(error), error instanceof FetchFault ? error.retryAfterMs : null);
  } finally {
    got?.close();
    leave();
  }
}

function headersOf({ userAgent, etag, lastModified }: FetchRequest): Record<string, string> {
  return {
    'user-agent': userAgent,
    accept:
      'application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, ' +
      'text/xml;q=0.9, application/json;q=0.8, */*;q=0.1',
    'accept-encoding': 'gzip, deflate, br',
    ...(etag === null ? {} : { 'if-none-match': etag }),
    ...(lastModified === null ? {} : { 'if-modified-since': lastModified }),
  };
}

async function answerOf({ response, url, isMoved }: Got, request: FetchRequest): Promise<Fetched> {
  const status = response.statusCode ?? 0;
  const movedTo = isMoved ? url.href : null;
  if (status === 304 && (request.etag !== null || request.lastModified !== null)) {
    return { status: 'unchanged', movedTo };
  }
  if (status === 410) {
    return { status: 'gone', error: 'the server answered 410: the feed is gone for good' };
  }
  if (status !== 200 && status !== 203) {
    throw new FetchFault(`the server answered ${statusInWords(response)}`, retryAfterMs(response));
  }
  return {
    status: 'fetched',
    url: url.href,
    body: await readBody(response, request.limits.maxBytes),
    contentType: response.headers['content-type'] ?? null,
    etag: response.headers.etag ?? null,
    lastModified: response.headers['last-modified'] ?? null,
    movedTo,
  };
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

function failed(error: string, retryAfterMs: number | null = null): Fetched {
  return { status: 'failed', error: redact(error), retryAfterMs };
}
