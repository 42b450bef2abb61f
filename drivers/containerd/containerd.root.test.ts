import { configure } from '../testsuite/configuration.ts'
import { EVERY_CONFIGURATION as all } from '../testsuite/every-configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { containerd } from './index.ts'

for (const driver of containerd) {
  const backings = driver.meta.backings.filter((_, index) => all || index === 0)
  if (all || driver === containerd[0])
    snapshotterSuite(
      driver,
      backings.map((backing) => configure(driver, backing)),
    )
}
