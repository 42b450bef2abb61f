import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { bare } from './index.ts'

const others = bare.meta.backings.filter((backing) => backing !== 'zfs')

snapshotterSuite(
  bare,
  others.map((backing) => configure(bare, backing)),
)

snapshotterSuite(bare, [configure(bare, 'zfs')], {
  unsupported: { code: 'kernel.no-filesystem', because: 'few kernels have ZFS' },
})
