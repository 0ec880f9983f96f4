import { counted } from '../../domain/text.ts';
import type { LinkAnswer, LinkChecker } from '../../journey/delivery/ports/link-checker.ts';
import { RefusedAddress } from './http/addresses.ts';
import { hostGate } from './http/host-gate.ts';
import { FetchFault, faultInWords, httpGet } from './http/http-get.ts';

const MOST_REDIRECTS = 5;
/** Servers that answer programs like this may well let people in. */
const REFUSALS = [401, 402, 403, 405, 406, 407, 409, 415, 425, 429, 451, 503];

/**
 * Asks for the head of a page, and for the page itself where a server does not like that; the body is never read.
 * Addresses are checked like those of feeds. Simmer's own, below `publicUrl`, are asked for under `internalUrl`.
 */
export function linkChecker({
  publicUrl,
  internalUrl = publicUrl,
  timeoutMs = 8_000,
}: {
  publicUrl: string;
  internalUrl?: string;
  timeoutMs?: number;
}): LinkChecker {
  const gate = hostGate();

  async function statusOf(url: URL, isOwn: boolean, allowPrivateNetwork: boolean, method: 'HEAD' | 'GET') {
    const signal = AbortSignal.timeout(timeoutMs);
    const own = new URL(internalUrl).host;
    try {
      const got = await httpGet({
        url,
        method,
        headers: { 'user-agent': `Simmer/0.1 (+${publicUrl})`, accept: 'text/html, */*;q=0.5' },
        maxRedirects: MOST_REDIRECTS,
        reach: (asked) =>
          isOwn && asked.host === own ? null : allowPrivateNetwork ? 'private-too' : 'public',
        gate,
        signal,
      });
      got.close();
      return got.response.statusCode ?? 0;
    } catch (error) {
      if (signal.aborted) throw new Error(`no answer within ${counted(timeoutMs / 1000, 'second')}`);
      throw error;
    }
  }

  return {
    async check(address, allowPrivateNetwork): Promise<LinkAnswer> {
      if (!URL.canParse(address)) return { state: 'broken', why: 'it is no web address' };
      const isOwn = address.startsWith(`${publicUrl}/`);
      const url = new URL(isOwn ? internalUrl + address.slice(publicUrl.length) : address);
      try {
        const head = await statusOf(url, isOwn, allowPrivateNetwork, 'HEAD');
        const status = head < 400 ? head : await statusOf(url, isOwn, allowPrivateNetwork, 'GET');
        if (status >= 200 && status < 400) return { state: 'good' };
        const why = `the server answered ${status}`;
        return REFUSALS.includes(status) ? { state: 'unsure', why } : { state: 'broken', why };
      } catch (error) {
        const why = faultInWords(error);
        const isItsOwn =
          error instanceof RefusedAddress ||
          error instanceof FetchFault ||
          why.startsWith('its certificate') ||
          why.startsWith('its answer is no HTTP');
        return { state: isItsOwn ? 'broken' : 'unreachable', why };
      }
    },
  };
}
