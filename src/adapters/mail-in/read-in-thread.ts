import type { ReadReturn, ReturnBytes } from '../../domain/returns/read-return.ts';
import type { ReturnReader } from '../../journey/returns/ports/returns.ts';
import { type ReadLimits, readingThread } from '../reading-thread.ts';

/** The largest that is kept takes a hundredth of the time. */
export const READ_LIMITS: ReadLimits = { milliseconds: 5_000, megabytes: 128 };

/** Reads what came back in a thread of its own: mails and posts that anybody may have made up. */
export function returnThread(limits: ReadLimits = READ_LIMITS): ReturnReader {
  const program = { url: new URL('./read-thread.ts', import.meta.url), what: 'a returned mail' };
  const read = readingThread<ReturnBytes, ReadReturn>(program, limits);
  // A buffer of a pool is copied, so that others' bytes stay where they are.
  return (bytes) => read({ ...bytes, raw: new Uint8Array(bytes.raw) });
}
