import http from 'node:http';
import https from 'node:https';
import { checkedLookup, type Reach, RefusedAddress, refuseAddress } from './addresses.ts';
import type { HostGate } from './host-gate.ts';

export interface GetRequest {
  url: URL;
  headers: Record<string, string>;
  /** GET when it is left out. */
  method?: 'HEAD' | 'GET';
  maxRedirects: number;
  /** What may be connected to for this URL; null: no check, it is our own. Asked again for every redirect. */
  reach: (url: URL) => Reach | null;
  gate: HostGate;
  signal: AbortSignal;
}

export interface Got {
  response: http.IncomingMessage;
  /** Where the redirects ended. */
  url: URL;
  /** True when there were redirects, and all of them for good (301, 308). */
  isMoved: boolean;
  /** Ends the connection and makes room for the next one to this host. */
  close(): void;
}

/** Why a fetch ended, in words for the marketer. */
export class FetchFault extends Error {
  readonly retryAfterMs: number | null;
  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A GET that follows redirects, each of which is checked like the first. Throws FetchFault or what the connection threw. */
export async function httpGet(request: GetRequest): Promise<Got> {
  let { url } = request;
  let isForGood = true;
  for (let redirects = 0; ; redirects++) {
    const { response, close } = await getOnce(request, url);
    const status = response.statusCode ?? 0;
    const { location } = response.headers;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) {
      return { response, url, isMoved: redirects > 0 && isForGood, close };
    }
    close();
    if (redirects >= request.maxRedirects) {
      throw new FetchFault(
        `more than ${request.maxRedirects} redirects, the last one to ${location.slice(0, 500)}`,
      );
    }
    if (!URL.canParse(location, url.href)) {
      throw new FetchFault(`a redirect to "${location.slice(0, 500)}", which is no URL`);
    }
    if (status !== 301 && status !== 308) isForGood = false;
    url = new URL(location, url);
  }
}

async function getOnce(request: GetRequest, url: URL): Promise<Pick<Got, 'response' | 'close'>> {
  if (!/^https?:$/.test(url.protocol)) {
    throw new FetchFault(`found "${url.protocol}//…"; allowed are http:// and https://`);
  }
  const reach = request.reach(url);
  if (reach !== null) refuseAddress(url, reach);
  const leave = await entered(request, url.host);
  const options: https.RequestOptions = {
    method: request.method ?? 'GET',
    headers: request.headers,
    signal: request.signal,
    // Each connection is made for one look-up that was checked, and not kept for another.
    agent: false,
    maxHeaderSize: 32_768,
    ...(reach === null ? {} : { lookup: checkedLookup(reach) }),
  };
  try {
    const client = url.protocol === 'https:' ? https : http;
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      client.get(url, options, resolve).on('error', reject);
    });
    const close = () => {
      response.destroy();
      leave();
    };
    return { response, close };
  } catch (error) {
    leave();
    throw error;
  }
}

async function entered({ gate, signal }: GetRequest, host: string): Promise<() => void> {
  const leave = await gate.enter(host, signal);
  if (!signal.aborted) return leave;
  leave();
  throw signal.reason;
}

/** What a connection threw, in words. */
export function faultInWords(error: unknown): string {
  if (error instanceof RefusedAddress || error instanceof FetchFault) return error.message;
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
  if (code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT') || code.startsWith('ERR_BROTLI')) {
    return `the answer is not compressed as it says (${message})`;
  }
  if (/CERT|SELF_SIGNED|ERR_TLS|ERR_SSL/.test(code)) return `its certificate is not good: ${message}`;
  if (code.startsWith('HPE_')) return `its answer is no HTTP (${message})`;
  return message || String(error);
}
