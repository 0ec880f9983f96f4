import http from 'node:http';
import https from 'node:https';
import { counted, cut } from '../../domain/text.ts';
import type { WebhookAnswer, WebhookSender } from '../../journey/sales/ports/webhooks.ts';
import { checkedLookup, RefusedAddress, refuseAddress } from '../rss/http/addresses.ts';

/** The specification advises 15 to 30 seconds for connecting and the whole answer. */
const TIMEOUT_MS = 20_000;

export interface WebhookSenderOptions {
  timeoutMs?: number;
  /** Named in the User-Agent, so that the receiver knows whom to ask. */
  publicUrl: string;
}

/**
 * Posts over HTTP(S). Redirects are not followed: an answer that is not 2xx is a failure. Addresses inside private
 * networks are refused unless the receiver was added with leave for them; the connection is made to the very address
 * that was checked.
 */
export function httpWebhookSender({
  timeoutMs = TIMEOUT_MS,
  publicUrl,
}: WebhookSenderOptions): WebhookSender {
  return {
    async post(url, body, headers, { allowPrivate }): Promise<WebhookAnswer> {
      const began = performance.now();
      const took = () => Math.round(performance.now() - began);
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const statusCode = await post(new URL(url), body, headers, allowPrivate, publicUrl, signal);
        return { statusCode, error: null, tookMs: took() };
      } catch (error) {
        const words = signal.aborted
          ? `no answer within ${counted(timeoutMs / 1000, 'second')}`
          : inWords(error);
        return { statusCode: null, error: cut(words, 500), tookMs: took() };
      }
    },
  };
}

function post(
  url: URL,
  body: string,
  headers: Record<string, string>,
  allowPrivate: boolean,
  publicUrl: string,
  signal: AbortSignal,
): Promise<number> {
  const reach = allowPrivate ? 'private-too' : 'public';
  refuseAddress(url, reach);
  const options: https.RequestOptions = {
    method: 'POST',
    headers: {
      ...headers,
      'user-agent': `Simmer (${publicUrl})`,
      'content-length': String(Buffer.byteLength(body)),
    },
    signal,
    // Each connection is made for one look-up that was checked, and not kept for another.
    agent: false,
    lookup: checkedLookup(reach),
  };
  return new Promise((resolve, reject) => {
    const client = url.protocol === 'https:' ? https : http;
    const request = client.request(url, options, (response) => {
      // Only the status counts; what else is said is not read.
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function inWords(error: unknown): string {
  if (error instanceof RefusedAddress)
    return 'the address lies in a private network; a receiver there must be added with --allow-private';
  // Several addresses were tried: each has its own error.
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  return (cause as Error).message || String(cause);
}
