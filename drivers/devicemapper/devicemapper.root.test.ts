import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { devicemapper } from './index.ts'

snapshotterSuite(
  devicemapper,
  [
    configure(devicemapper),
    configure(devicemapper, 'xfs'),
    configure(devicemapper, 'ext4', { pool: 'loop' }),
    configure(devicemapper, 'ext4', { blocksize: '128K' }),
  ],
  { unsupported: { code: 'kernel.no-device-mapper', because: 'kernels of small virtual machines lack it' } },
)
