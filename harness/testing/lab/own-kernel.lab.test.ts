/**
 * Suites of the drivers whose kernel no flavour has, in a Debian 12 with a kernel that is given:
 * `BENCH_TEST_KERNEL=FILE [BENCH_TEST_MODULES=FOLDER] npm run test:kernel`. What it needs: docs/drivers/aufs.md.
 */
import { resolve } from 'node:path'
import { guestSuite } from './guest-suite.ts'

/** An emulated machine needs some seconds a test. */
const SECONDS = 3600

const { BENCH_TEST_KERNEL: kernel, BENCH_TEST_MODULES: modules } = process.env
if (kernel === undefined)
  throw new Error('BENCH_TEST_KERNEL is not set: it names the file of a kernel with aufs')

await guestSuite({
  flavour: 'debian-12',
  kernel: { kernel: resolve(kernel), initrd: null, modules: modules === undefined ? null : resolve(modules) },
  runs: [{ files: ['drivers/aufs/aufs.root.test.ts'] }],
  seconds: SECONDS,
  onTest: ({ state, name }) => void process.stderr.write(`${state} ${name}\n`),
})
