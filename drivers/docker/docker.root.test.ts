import { existsSync, readdirSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { isRoot } from '../../harness/testing/scratch-file.ts'
import { configure } from '../testsuite/configuration.ts'
import { DEAR, EVERY_CONFIGURATION } from '../testsuite/every-configuration.ts'
import { withFixture } from '../testsuite/fixture.ts'
import { killedDaemon } from '../testsuite/killed-daemon.ts'
import { snapshotterSuite } from '../testsuite/snapshotter-suite.ts'
import { btrfs, fuseOverlayfs, overlay2, vfs } from './index.ts'

snapshotterSuite(overlay2, [configure(overlay2, 'xfs')], { dear: DEAR })

killedDaemon(overlay2, configure(overlay2), { name: 'dockerd', daemon: /^dockerd\0/ })

test.skipIf(!isRoot)('a daemon writes nothing below /etc of the host', async () => {
  const files = () => (existsSync('/etc/docker') ? readdirSync('/etc/docker') : null)
  const before = files()
  await withFixture(vfs, configure(vfs), async () => undefined)
  expect(files()).toEqual(before)
})

test.skipIf(!isRoot)('a daemon that uses another storage driver than it was asked for', async () => {
  vi.stubEnv('DOCKER_DRIVER', 'vfs')
  await expect(
    withFixture(overlay2, configure(overlay2), async () => undefined).finally(() => vi.unstubAllEnvs()),
  ).rejects.toMatchObject({
    code: 'engine.fallback',
    message: 'dockerd was asked for overlay2, and uses vfs',
  })
})

if (EVERY_CONFIGURATION) {
  snapshotterSuite(overlay2, [configure(overlay2, 'ext4'), configure(overlay2, 'btrfs')])
  snapshotterSuite(btrfs, [configure(btrfs)])
  snapshotterSuite(vfs, [configure(vfs), configure(vfs, 'xfs'), configure(vfs, 'btrfs')])
  snapshotterSuite(fuseOverlayfs, [configure(fuseOverlayfs)])
}
