import { configure } from '../testsuite/configuration.ts'
import { killedDaemon } from '../testsuite/killed-daemon.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { DEAR, EVERY_CONFIGURATION } from '../testsuite/every-configuration.ts'
import { btrfs, overlay, vfs } from './index.ts'

snapshotterSuite(overlay, [configure(overlay, 'xfs')], { dear: DEAR })

killedDaemon(overlay, configure(overlay), { name: 'podman', daemon: /^podman\0.*\0system\0service/ })

if (EVERY_CONFIGURATION) {
  snapshotterSuite(overlay, [
    configure(overlay, 'ext4'),
    configure(overlay, 'btrfs'),
    configure(overlay, 'xfs', { metacopy: 'on' }),
    configure(overlay, 'ext4', { volatile: 'on' }),
    configure(overlay, 'ext4', { mount_program: 'fuse-overlayfs' }),
  ])
  snapshotterSuite(btrfs, [configure(btrfs)])
  snapshotterSuite(vfs, [configure(vfs), configure(vfs, 'xfs'), configure(vfs, 'btrfs')])
}
