import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { aufs } from './index.ts'

snapshotterSuite(aufs, [configure(aufs), configure(aufs, 'xfs')], {
  unsupported: { code: 'kernel.no-filesystem', because: 'aufs never was in the mainline kernel' },
})
