/** Less than this between the two clocks is their inaccuracy. */
const JUMP_MS = 1_000;

/**
 * Milliseconds since it was made, never running backwards. The steady clock of a process stands still while the machine sleeps;
 * then the clock on the wall jumps, and that counts too (also where somebody only set it forward: too much is no harm).
 */
export function elapsedTime(wall: () => number = Date.now, steady: () => number = () => performance.now()) {
  let asleep = 0;
  let last = { wall: wall(), steady: steady() };
  const begun = last.steady;
  return (): number => {
    const now = { wall: wall(), steady: steady() };
    const jump = now.wall - last.wall - (now.steady - last.steady);
    if (jump > JUMP_MS) asleep += jump;
    last = now;
    return now.steady - begun + asleep;
  };
}
