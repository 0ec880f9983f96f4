/** What a sender may append to a mail in the same write: the end of it and the envelope of the next. */
export const WIRE_ROOM = 2048;

const USUAL = 96 * 1024;
const MOST_KEPT = 64;

/** Buffers for whole mails, used again: a mail a millisecond would otherwise leave 60 MB a second to clear up. */
export function wireBuffers() {
  const free: Buffer[] = [];
  return {
    take(bytes: number): { buffer: Buffer; release: () => void } {
      const wanted = bytes + WIRE_ROOM;
      if (wanted > USUAL) return { buffer: Buffer.allocUnsafeSlow(wanted), release: () => {} };
      const buffer = free.pop() ?? Buffer.allocUnsafeSlow(USUAL);
      let isFree = false;
      const release = () => {
        if (isFree) return;
        isFree = true;
        if (free.length < MOST_KEPT) free.push(buffer);
      };
      return { buffer, release };
    },
  };
}
