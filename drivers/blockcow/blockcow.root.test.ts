import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { blockcow } from './index.ts'

snapshotterSuite(blockcow, [
  configure(blockcow),
  configure(blockcow, 'xfs'),
  configure(blockcow, 'ext4', { mode: 'qcow2' }),
  configure(blockcow, 'xfs', { mode: 'qcow2', cluster: '4K' }),
])
