import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isRoot } from '../../harness/testing/scratch-file.ts'
import { configure } from '../testsuite/configuration.ts'
import { DEAR, EVERY_CONFIGURATION } from '../testsuite/every-configuration.ts'
import { withFixture } from '../testsuite/fixture.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { btrfs, fuseOverlayfs, overlay2, vfs } from './index.ts'

snapshotterSuite(overlay2, [configure(overlay2, 'xfs')], { dear: DEAR })

test.skipIf(!isRoot)('a daemon writes nothing below /etc of the host', async () => {
  const files = () => (existsSync('/etc/docker') ? readdirSync('/etc/docker') : null)
  const before = files()
  await withFixture(vfs, configure(vfs), async () => undefined)
  expect(files()).toEqual(before)
})

if (EVERY_CONFIGURATION) {
  snapshotterSuite(overlay2, [configure(overlay2, 'ext4'), configure(overlay2, 'btrfs')])
  snapshotterSuite(btrfs, [configure(btrfs)])
  snapshotterSuite(vfs, [configure(vfs), configure(vfs, 'xfs'), configure(vfs, 'btrfs')])
  snapshotterSuite(fuseOverlayfs, [configure(fuseOverlayfs)])
}
