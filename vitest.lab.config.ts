import { defineConfig } from 'vitest/config'
import { ownMounts } from './harness/testing/own-mounts.ts'

/** Milliseconds of a test that does not set its own limit. */
const LONG = 120_000

const EVERY_TEST_IN_A_FLAVOUR = 'harness/testing/lab/flavours/*.lab.test.ts'
const ON_A_KERNEL = 'harness/testing/lab/own-kernel.lab.test.ts'

/**
 * Emulated machines, one at a time, since each takes every core. `npm run test:lab` is the way from such a machine to the
 * report, machines that are cut off and killed, and what needs device mapper, some ten minutes; `npm run test:flavours`
 * runs the suites of the drivers in every flavour, some hours;
 * `npm run test:kernel` those of the drivers whose kernel no flavour has.
 */
export default defineConfig({
  test: {
    maxWorkers: 1,
    projects: [
      {
        test: {
          name: 'lab',
          pool: ownMounts,
          include: ['harness/**/*.lab.test.ts'],
          exclude: ['**/node_modules/**', EVERY_TEST_IN_A_FLAVOUR, ON_A_KERNEL],
          testTimeout: LONG,
          hookTimeout: LONG,
        },
      },
      { test: { name: 'flavours', pool: ownMounts, include: [EVERY_TEST_IN_A_FLAVOUR] } },
      { test: { name: 'kernel', pool: ownMounts, include: [ON_A_KERNEL] } },
    ],
  },
})
