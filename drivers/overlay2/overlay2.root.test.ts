import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { overlay2 } from './index.ts'

snapshotterSuite(overlay2, [
  configure(overlay2),
  configure(overlay2, 'xfs'),
  configure(overlay2, 'btrfs'),
  configure(overlay2, 'xfs', { reflink: 'off' }),
  configure(overlay2, 'ext4', { metacopy: 'on', redirect_dir: 'on' }),
  configure(overlay2, 'ext4', { fsync: 'volatile' }),
  configure(overlay2, 'ext4', { index: 'on' }),
])

snapshotterSuite(overlay2, [configure(overlay2, 'ext4', { fsync: 'strict' })], {
  unsupported: { code: 'kernel.no-overlay-fsync', because: 'this kernel has no mount option fsync=' },
})
