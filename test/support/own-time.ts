const BEAT_MS = 10;

/**
 * Milliseconds as this process lives them: ten for each time that a timer of ten comes round. On a busy machine that timer
 * is as late as all else, so bounds on waiting hold there too. Without `stop` it ends with the process.
 */
export function ownClock(): { now(): number; stop(): void } {
  let beats = 0;
  const timer = setInterval(() => {
    beats += 1;
  }, BEAT_MS);
  timer.unref();
  return { now: () => beats * BEAT_MS, stop: () => clearInterval(timer) };
}

/** How long the work took by `ownClock`. */
export async function waited(work: Promise<unknown>): Promise<number> {
  const clock = ownClock();
  try {
    await work;
    return clock.now();
  } finally {
    clock.stop();
  }
}

/** Milliseconds of processor that the work took: what other programs do meanwhile is not in it. */
export async function worked(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** What `growth` of linear work is never above, and that of quadratic work never below. */
export const LINEAR = 40;

/**
 * By how much the work grows when its input is ten times as large: about 10 when it is linear, 100 when it is quadratic.
 * Inputs should be so large that the smaller one takes some milliseconds.
 */
export async function growth(work: (size: number) => unknown, size: number): Promise<number> {
  await work(size); // compiled, looked up, warm
  const small = [];
  for (let run = 0; run < 3; run++) small.push(await worked(() => work(size)));
  return (await worked(() => work(10 * size))) / Math.max(Math.min(...small), 1);
}
