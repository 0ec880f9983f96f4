/** Chosen so that the first readers of an installation, who are its makers, see personal mails. */
const SEED = 0x26;

/**
 * Whether a reader is in the control group, which gets the same digest for all. The same answer for ever: a larger
 * share takes readers in and lets none go. `share` is 0 to 1.
 */
export function isInControlGroup(subscriberId: number, share: number): boolean {
  return spread(subscriberId) < share;
}

/** 0 to 1, evenly spread, and without pattern from one id to the next (the finalizer of MurmurHash3). */
function spread(id: number): number {
  let hash = (id % 2 ** 32) ^ Math.imul(Math.floor(id / 2 ** 32), 0x9e3779b1) ^ Math.imul(SEED, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
