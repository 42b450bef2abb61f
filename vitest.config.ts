import { defineConfig } from 'vitest/config'
import LongestFirst from './harness/testing/longest-first.ts'

/** Mount tests format and mount real loop devices: seconds each, more when the machine is busy. */
const LONG_MS = 120_000

export default defineConfig({
  test: {
    include: ['{ansible,drivers,harness,lint,reports,scenarios}/**/*.test.ts'],
    // Those of `npm run test:lab`.
    exclude: ['**/node_modules/**', '**/*.lab.test.ts'],
    // A process each, so that what a test leaves in its process ends with it; two, since mount tests fill a disk.
    pool: 'forks',
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: LONG_MS,
    hookTimeout: LONG_MS,
    teardownTimeout: 30_000,
  },
})
