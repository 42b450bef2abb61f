import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { bare } from './index.ts'

snapshotterSuite(
  bare,
  bare.meta.backings.map((backing) => configure(bare, backing)),
)
