import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { vfs } from './index.ts'

snapshotterSuite(vfs, [
  configure(vfs),
  configure(vfs, 'xfs'),
  configure(vfs, 'xfs', { reflink: 'off' }),
  configure(vfs, 'btrfs'),
])
