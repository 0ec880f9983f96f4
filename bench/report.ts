/** One line of a report. Every ratio is to a baseline of the same run: machines differ, and so do their hours. */
export interface Measured {
  what: string;
  value: number;
  unit: string;
  /** How many times the baseline; null: this is one, or it has none. */
  timesBaseline: number | null;
  /** The value that a release is held to, on one core; null: none. */
  aim: number | null;
}

export interface BenchReport {
  name: string;
  about: string;
  measured: Measured[];
  notes: string[];
}

/** Runs, telling on stderr what it does. */
export type Bench = (tell: (what: string) => void) => Promise<BenchReport>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Seconds that the work took. */
export async function seconds(work: () => unknown): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

/** Seconds of one core that the work took in this process: what else the machine does meanwhile does not count. */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

export function inTable({ about, measured, notes }: BenchReport): string {
  const rows = measured.map(({ what, value, unit, timesBaseline, aim }) => [
    what,
    `${shown(value)} ${unit}`,
    timesBaseline === null ? '' : `× ${shown(timesBaseline)}`,
    aim === null ? '' : `aim ${shown(aim)}`,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
  return [about, '', ...lines, ...(notes.length > 0 ? ['', ...notes] : [])].join('\n');
}

function shown(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', { maximumFractionDigits: digits });
}
