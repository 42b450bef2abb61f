import { configure } from '../testsuite/configuration.ts'
import { DEAR, EVERY_CONFIGURATION } from '../testsuite/every-configuration.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { btrfs, fuseOverlayfs, overlay2, vfs } from './index.ts'

snapshotterSuite(overlay2, [configure(overlay2, 'xfs')], { dear: DEAR })

if (EVERY_CONFIGURATION) {
  snapshotterSuite(overlay2, [configure(overlay2, 'ext4'), configure(overlay2, 'btrfs')])
  snapshotterSuite(btrfs, [configure(btrfs)])
  snapshotterSuite(vfs, [configure(vfs), configure(vfs, 'xfs'), configure(vfs, 'btrfs')])
  snapshotterSuite(fuseOverlayfs, [configure(fuseOverlayfs)])
}
