import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { zfs } from './index.ts'

snapshotterSuite(zfs, [configure(zfs), configure(zfs, 'zfs', { recordsize: '16K', compression: 'lz4' })], {
  unsupported: { code: 'kernel.no-filesystem', because: 'few kernels have ZFS' },
})
