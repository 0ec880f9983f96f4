import { expect, it } from 'vitest';
import { simmer } from '../support/processes.ts';

// `simmer demo` is the walk of src/demo/walk.ts on the embedded set-up: it compares the score with the table by hand
// at every step and ends with 1 at the first difference. Other moments: `npm run simulate:clock`.
it.each([
  ['today', []],
  // The schedule has planned its own issue for every reader, and has yet to send it.
  ['on the evening before an issue', ['--at', '2026-11-30T20:00:00Z']],
])(
  'walks a lead down the whole road on the embedded set-up %s',
  async (_, args) => {
    const { code, stdout, stderr } = await simmer(['demo', ...args], {}).finished;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('A scanner opens every link with GET and HEAD\n      still pending');
    expect(stdout).toContain('2 times handed to sales, one alert each: rejected, then won.');
    expect(stdout).toContain('4 issues with 20 articles, none of them twice: 20 different ones.');
  },
  180_000,
);
