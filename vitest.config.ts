/** How the tests run. In CI they also write their counts to a file. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const inCi = Boolean(process.env['CI']);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/helpers/global-setup.ts'],
    // As many as there are cores: half of what a test takes it waits for a disk, a socket or another process.
    maxWorkers: availableParallelism(),
    testTimeout: 120_000,
    hookTimeout: 180_000,
    // A test left out by hand must not pass CI.
    allowOnly: !inCi,
    ...(inCi ? { reporters: ['default', ['json', { outputFile: 'data/test-report.json' }]] } : {}),
  },
});
