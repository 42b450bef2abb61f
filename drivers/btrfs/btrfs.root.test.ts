import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { btrfs } from './index.ts'

snapshotterSuite(btrfs, [
  configure(btrfs),
  configure(btrfs, 'btrfs', { quota: 'on' }),
  configure(btrfs, 'btrfs', { compress: 'zstd' }),
  configure(btrfs, 'btrfs', { nodatacow: 'on' }),
])
