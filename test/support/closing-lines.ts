import type { Reporter, TestModule } from 'vitest/node';
import { findService, howToGet, SERVICE_NAMES } from './services.ts';

/**
 * Ends a run with what was left out and why, and, as the very last line, the true numbers in plain words for programs
 * that read the output.
 */
export default class ClosingLines implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state] += 1;
      // A file that does not load has no tests to count, and is a failure all the same.
      if (module.state() === 'failed' && module.errors().length > 0) counts.failed += 1;
    }
    counts.failed += unhandledErrors.length + counts.pending;
    const missing = SERVICE_NAMES.filter((name) => findService(name) === null).map(howToGet);
    process.once('exit', () => {
      const lines: string[] = [];
      if (counts.skipped > 0) {
        const why = missing.length > 0 ? missing.join('; ') : 'see above for which';
        lines.push(`Left out: ${counts.skipped} of the tests (${why})`);
      }
      lines.push(`${counts.passed} passed, ${counts.failed} failed`);
      process.stdout.write(`${lines.join('\n')}\n`);
    });
  }
}
