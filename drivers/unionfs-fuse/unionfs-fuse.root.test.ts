import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { unionfsFuse } from './index.ts'

snapshotterSuite(unionfsFuse, [configure(unionfsFuse)])
