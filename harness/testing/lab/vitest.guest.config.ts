import { defineConfig } from 'vitest/config'

/** In a guest: one process, one file after the other, since to start another takes half a minute there. */
export default defineConfig({
  test: {
    root: process.cwd(),
    include: ['{drivers,harness}/**/*.test.ts'],
    pool: 'forks',
    isolate: false,
    fileParallelism: false,
    reporters: ['./harness/testing/lab/guest-reporter.ts'],
    // No limit of a single test: how fast a translated CPU is, nobody knows. The limit of all is enough.
    testTimeout: 0,
    hookTimeout: 0,
  },
})
