import { SingleBar } from 'cli-progress';

/** A bar on stderr, and only for people: null where nobody looks, or there is nothing to wait for. */
export function progressBar(what: string, total: number): SingleBar | null {
  if (!process.stderr.isTTY || total === 0) return null;
  const bar = new SingleBar({ format: `${what} {bar} {value}/{total}`, clearOnComplete: true });
  bar.start(total, 0);
  return bar;
}
