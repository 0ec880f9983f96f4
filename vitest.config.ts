import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', './test/support/closing-lines.ts'],
    globalSetup: ['test/support/cluster.ts'],
    // Limits are there to end a hang, not to measure: a busy machine takes many times as long as an idle one.
    testTimeout: 90_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // Two cores are the smallest machine this must pass on: more files at once only starve each other.
    maxWorkers: 2,
  },
});
