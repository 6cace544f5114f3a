import { defineConfig } from 'vitest/config';

/** The contract suite alone, against the target that PFSENSE_TARGET names or the embedded lab. */
export default defineConfig({
  test: { include: ['test/contract/**/*.test.ts'], testTimeout: 40_000, hookTimeout: 60_000, fileParallelism: false },
});
