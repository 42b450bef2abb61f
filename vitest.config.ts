import { defineConfig } from 'vitest/config'
import KnownLongestFirst from './harness/testing/known-longest-first.ts'
import { ownMounts } from './harness/testing/own-mounts.ts'

/** What a test file needs beside Node and the sources is said by its name: harness/testing/needs.ts. */
const HERE = '{ansible,drivers,harness,lint,reports,scenarios}/**'
const MACHINE = `${HERE}/*.{root,program,browser,long}.test.ts`

/** Suites of the drivers that are a container engine's own: each starts its daemons. */
const ENGINES = 'drivers/{containerd,docker,podman}/*.{root,program}.test.ts'

const FIXED_SEED = 'harness/testing/fixed-seed.ts'

/** Milliseconds of a test of the machine: it formats and mounts real loop devices, or waits for programs. */
const LONG = 120_000

const OWN_PROCESSES = {
  // A process each, so that what a test leaves in its process ends with it. More than processors: many wait.
  pool: ownMounts,
  maxWorkers: 4,
  setupFiles: [FIXED_SEED],
  testTimeout: LONG,
  hookTimeout: LONG,
}

/** `unit` runs anywhere, in seconds; `mounts` needs this machine; `engines`, container engines. The lab's have a file of their own. */
export default defineConfig({
  test: {
    sequence: { sequencer: KnownLongestFirst },
    teardownTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['{drivers,harness,lint,reports,scenarios}/**/*.{ts,js}'],
      // What only tests use, and what runs in another place: the page's own scripts, programs that are started by hand.
      exclude: ['**/*.test.ts', '**/testing/**', 'drivers/testsuite/**', 'reports/render/html/client/**'],
      reporter: ['text-summary', 'html'],
    },
    projects: [
      {
        test: {
          name: 'unit',
          include: [`${HERE}/*.test.ts`],
          exclude: ['**/node_modules/**', MACHINE, '**/*.lab.test.ts'],
          pool: 'forks',
          maxWorkers: '100%',
          // Modules are loaded once a worker, not once a file: that takes longer than most tests.
          isolate: false,
          setupFiles: [FIXED_SEED],
          // Each takes less than 5 s by itself; a busy machine is no reason to fail.
          testTimeout: 20_000,
          hookTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'mounts',
          include: [MACHINE],
          exclude: ['**/node_modules/**', ENGINES],
          ...OWN_PROCESSES,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: { name: 'engines', include: [ENGINES], ...OWN_PROCESSES, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
