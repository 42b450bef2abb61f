import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { fuseOverlayfs } from './index.ts'

snapshotterSuite(fuseOverlayfs, [configure(fuseOverlayfs), configure(fuseOverlayfs, 'xfs', { timeout: '0' })])
