import { defineConfig } from 'vitest/config';

/** Fault tests that are no cells of the matrix; `npm run test:faults` runs both. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 60_000,
    fileParallelism: false,
    passWithNoTests: true,
  },
});
