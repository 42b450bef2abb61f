import { configure } from '../testsuite/configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { erofs } from './index.ts'

/** `mount=file` is what `auto` comes to here, and `lz4hc` takes half a second for a MiB of the suite's random bytes. */
snapshotterSuite(erofs, [
  configure(erofs),
  configure(erofs, 'xfs'),
  configure(erofs, 'ext4', { mount: 'loop' }),
  configure(erofs, 'ext4', { compress: 'lz4' }),
  configure(erofs, 'ext4', { fsync: 'volatile' }),
])

snapshotterSuite(erofs, [configure(erofs, 'ext4', { fsync: 'strict' })], {
  unsupported: { code: 'kernel.no-overlay-fsync', because: 'this kernel has no mount option fsync=' },
})
