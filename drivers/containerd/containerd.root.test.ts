import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { containerd } from './index.ts'

/** `BENCH_TEST_ENGINES=all`: every configuration, some minutes; else one, so that the tests stay short. */
const all = process.env['BENCH_TEST_ENGINES'] === 'all'

for (const driver of containerd) {
  const backings = driver.meta.backings.filter((_, index) => all || index === 0)
  if (all || driver === containerd[0])
    snapshotterSuite(
      driver,
      backings.map((backing) => configure(driver, backing)),
    )
}
