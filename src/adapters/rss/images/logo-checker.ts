import { type HostGate, hostGate } from '../http/host-gate.ts';
import { FetchFault, faultInWords, type Got, httpGet } from '../http/http-get.ts';
import { imageSize } from './image-size.ts';

/** Every mail carries it: more than this keeps readers waiting. */
const MOST_BYTES = 1_000_000;
const TOTAL_MS = 5_000;
const MAX_REDIRECTS = 3;

/**
 * Why readers would not see the logo at this address, in words; null when they would. It is read as their mail programs
 * read it: with TLS, from the public internet, as a picture that all of them know.
 */
export async function logoFault(address: string): Promise<string | null> {
  if (!address.startsWith('https:'))
    return 'it has no TLS (https), and many mail programs load nothing without';
  return readLogo(new URL(address), 'public');
}

/** The same without the demand for TLS; `reach` is what may be connected to. */
export async function readLogo(
  url: URL,
  reach: 'public' | 'private-too',
  gate: HostGate = hostGate(),
): Promise<string | null> {
  const signal = AbortSignal.timeout(TOTAL_MS);
  let got: Got | undefined;
  try {
    got = await httpGet({
      url,
      headers: { 'user-agent': 'Simmer/0.1', accept: 'image/png, image/jpeg, image/gif' },
      maxRedirects: MAX_REDIRECTS,
      reach: () => reach,
      gate,
      signal,
    });
    const { response, url: end } = got;
    if (response.statusCode !== 200) return `the server answers ${response.statusCode}`;
    if (url.protocol === 'https:' && end.protocol !== 'https:') return 'it leads to an address without TLS';
    return pictureFault(await bytesOf(response), response.headers['content-type']);
  } catch (error) {
    return signal.aborted ? `no answer within ${TOTAL_MS / 1000} seconds` : faultInWords(error);
  } finally {
    got?.close();
  }
}

/** Why these bytes are no picture for mails, in words; null when they are. */
export function pictureFault(bytes: Buffer, type = ''): string | null {
  if (bytes.length > MOST_BYTES) return TOO_BIG;
  const kind = imageSize(bytes)?.kind;
  if (kind === 'WebP') return 'it is a WebP picture, which several mail programs do not show';
  if (kind !== undefined) return null;
  const start = bytes.toString('utf8', 0, 2000).trimStart().toLowerCase();
  if (/^<!doctype html|^<html/.test(start) || type.includes('html')) return 'it is a page, not a picture';
  if (start.startsWith('<') && /<svg[\s>]/.test(start))
    return 'it is an SVG picture, which most mail programs do not show';
  return 'it is no PNG, JPEG or GIF picture';
}

const TOO_BIG = `it has more than ${MOST_BYTES / 1_000_000} MB`;

async function bytesOf(response: Got['response']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new FetchFault(TOO_BIG);
  }
  return Buffer.concat(chunks);
}
