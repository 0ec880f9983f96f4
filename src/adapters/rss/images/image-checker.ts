import type { Feed } from '../../../domain/programme.ts';
import { counted } from '../../../domain/text.ts';
import type { ImageChecker, ImageFacts } from '../../../journey/content/ports/feeds.ts';
import { type HostGate, hostGate } from '../http/host-gate.ts';
import { FetchFault, faultInWords, type Got, httpGet } from '../http/http-get.ts';
import { imageSize } from './image-size.ts';
import { NARROWEST } from './item-images.ts';

export interface ImageLimits {
  totalMs: number;
  /** What is read to learn the size: a JPEG may have a preview before it. */
  headBytes: number;
  /** A picture larger than this would take too long to load on a phone. */
  maxBytes: number;
  maxRedirects: number;
}

export const IMAGE_LIMITS: ImageLimits = {
  totalMs: 5_000,
  headBytes: 262_144,
  maxBytes: 5_000_000,
  maxRedirects: 3,
};
/** A picture much wider or higher than the other way is a banner or a line. */
const MOST_RATIO = 5;

/** Looks at the first bytes of pictures over HTTP. Simmer's own, below `publicUrl`, are taken as they are. */
export function imageChecker({
  publicUrl,
  gate = hostGate(),
  limits = IMAGE_LIMITS,
}: {
  publicUrl: string;
  gate?: HostGate;
  limits?: ImageLimits;
}): ImageChecker {
  return {
    async check(url, feed): Promise<ImageFacts> {
      const facts = { url, width: null, height: null };
      if (url.startsWith(`${publicUrl}/`)) return { ...facts, fault: null };
      if (!URL.canParse(url)) return { ...facts, fault: 'its address is no URL' };
      const signal = AbortSignal.timeout(limits.totalMs);
      let got: Got | undefined;
      try {
        got = await httpGet({
          url: new URL(url),
          headers: {
            'user-agent': `Simmer/0.1 (+${publicUrl})`,
            accept: 'image/jpeg, image/png, image/gif, image/webp;q=0.9, */*;q=0.1',
            range: `bytes=0-${limits.headBytes - 1}`,
          },
          maxRedirects: limits.maxRedirects,
          reach: (asked) => (isOfFeed(feed, asked) ? 'private-too' : 'public'),
          gate,
          signal,
        });
        return { url, ...(await lookAt(got, url, limits)) };
      } catch (error) {
        const fault = signal.aborted
          ? `no answer within ${counted(limits.totalMs / 1000, 'second')}`
          : faultInWords(error);
        return { ...facts, fault };
      } finally {
        got?.close();
      }
    },
  };
}

function isOfFeed(feed: Feed, url: URL): boolean {
  return feed.allowPrivateNetwork && URL.canParse(feed.url) && url.host === new URL(feed.url).host;
}

async function lookAt(got: Got, asked: string, limits: ImageLimits): Promise<Omit<ImageFacts, 'url'>> {
  const { response, url } = got;
  const status = response.statusCode ?? 0;
  if (status !== 200 && status !== 206) throw new FetchFault(`the server answered ${status}`);
  // Own pictures are not looked at, so what began with TLS has to end with it.
  if (asked.startsWith('https:') && url.protocol !== 'https:')
    throw new FetchFault('it leads to an address without TLS');
  if (sizeInBytes(response.headers) > limits.maxBytes) {
    throw new FetchFault(`it has more than ${limits.maxBytes / 1_000_000} MB`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    const size = imageSize(Buffer.concat(chunks));
    if (size) return { width: size.width, height: size.height, fault: faultOf(size.width, size.height) };
    if (bytes >= limits.headBytes) break;
  }
  return { width: null, height: null, fault: 'it is no PNG, JPEG, GIF or WebP picture' };
}

function sizeInBytes(headers: Got['response']['headers']): number {
  const whole = /\/(\d+)$/.exec(headers['content-range'] ?? '')?.[1];
  return Number(whole ?? headers['content-length'] ?? 0);
}

function faultOf(width: number, height: number): string | null {
  if (width < NARROWEST) return `it is ${counted(width, 'pixel')} wide; at least ${NARROWEST} are needed`;
  if (height * MOST_RATIO < width || width * MOST_RATIO < height) {
    return `it is ${width} by ${height} pixels, the shape of a line`;
  }
  return null;
}
