import { configure } from '../testsuite/configuration.ts'
import { EVERY_CONFIGURATION as all } from '../testsuite/every-configuration.ts'
import { snapshotterSuite, type Expectation } from '../testsuite/snapshotter-suite.ts'
import { containerd } from './index.ts'

/** What no host has, or only one with a newer containerd than Debian 12's. */
const RARE: Readonly<Record<string, Expectation>> = {
  'containerd:blockfile': lacking('driver.snapshotter', 'containerd has it from 1.7 on'),
  'containerd:devmapper': lacking('kernel.no-device-mapper', 'the kernel has no device mapper'),
  'containerd:erofs': lacking('driver.snapshotter', 'containerd has it from 2.1 on'),
}

function lacking(code: string, because: string): Expectation {
  return { unsupported: { code, because } }
}

for (const driver of containerd) {
  const backings = driver.meta.backings.filter((_, index) => all || index === 0)
  const isForDeviceMapper = driver.meta.needs.targets !== undefined
  if (all || isForDeviceMapper || driver === containerd[0])
    snapshotterSuite(
      driver,
      backings.map((backing) => configure(driver, backing)),
      RARE[driver.meta.id],
    )
}
