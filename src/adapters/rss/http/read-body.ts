import type { IncomingMessage } from 'node:http';
import { PassThrough, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { FetchFault } from './http-get.ts';

/**
 * The body of an answer, decompressed. Throws FetchFault when it has more than `maxBytes`, as sent or decompressed: at
 * most a chunk more than that is ever in memory. A body that was compressed without saying so is seen by its first bytes.
 */
export async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const sent = limited(response, maxBytes);
  const first = await sent.next();
  if (first.done) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let bytes = 0;
  await pipeline(
    async function* () {
      yield first.value;
      yield* sent;
    },
    decoderFor(response, first.value),
    async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw tooLarge(maxBytes);
        chunks.push(chunk);
      }
    },
  );
  return Buffer.concat(chunks);
}

async function* limited(response: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer, undefined> {
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    if (chunk.length > 0) yield chunk;
  }
}

function decoderFor(response: IncomingMessage, start: Buffer): Transform {
  const encoding = (response.headers['content-encoding'] ?? '').trim().toLowerCase();
  const isGzip = start[0] === 0x1f && start[1] === 0x8b;
  // Some servers say so and send it plain, or the other way round.
  if (encoding === '' || encoding === 'identity' || encoding === 'none' || encoding === 'utf-8') {
    return isGzip ? createGunzip() : new PassThrough();
  }
  if (encoding === 'gzip' || encoding === 'x-gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  // RFC 9110 means zlib's form; many servers send the bare one.
  if (encoding === 'deflate') return (start[0]! & 0x0f) === 8 ? createInflate() : createInflateRaw();
  throw new FetchFault(
    `found the content encoding "${encoding.slice(0, 40)}"; allowed are gzip, deflate and br`,
  );
}

function tooLarge(maxBytes: number): FetchFault {
  return new FetchFault(`more than ${maxBytes / 1_000_000} MB; that is all a feed may have`);
}
