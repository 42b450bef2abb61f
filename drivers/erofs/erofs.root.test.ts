import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { erofs } from './index.ts'

/** `mount=file` is what `auto` comes to here, and `lz4hc` takes half a second for a MiB of the suite's random bytes. */
snapshotterSuite(erofs, [
  configure(erofs),
  configure(erofs, 'xfs'),
  configure(erofs, 'ext4', { mount: 'loop' }),
  configure(erofs, 'ext4', { compress: 'lz4' }),
])
