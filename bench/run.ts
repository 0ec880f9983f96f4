import { readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { Bench, BenchReport } from './report.ts';
import { inTable } from './report.ts';

const folder = import.meta.dirname;
const NO_BENCH = ['run.ts', 'report.ts'];

/** npm run bench -- NAME [--json]: runs bench/NAME.ts and prints what it measured. Progress goes to stderr. */
async function main(args: string[]): Promise<number> {
  const asJson = args.includes('--json');
  const name = args.find((arg) => !arg.startsWith('-'));
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.ts') && !NO_BENCH.includes(file))
    .map((file) => file.slice(0, -3))
    .sort();
  if (name === undefined || !names.includes(name)) {
    const found = name === undefined ? 'no name' : `the name "${name}"`;
    process.stderr.write(
      `found ${found}; there are: ${names.join(', ')}\n  npm run bench -- NAME [--json]\n`,
    );
    return 2;
  }
  const { bench } = (await import(pathToFileURL(`${folder}/${name}.ts`).href)) as { bench: Bench };
  const report: BenchReport = await bench((what) => process.stderr.write(`${what}\n`));
  process.stdout.write(`${asJson ? JSON.stringify(report, null, 2) : inTable(report)}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
