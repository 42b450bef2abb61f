import { mkdtempSync, rmSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { configure } from '../testsuite/configuration.ts'
import { withFixture } from '../testsuite/fixture.ts'
import { childrenOf, commandLine } from '../../harness/linux/process.ts'
import { startContainerd } from './daemon.ts'
import { containerd } from './index.ts'

const [overlayfs] = containerd as [(typeof containerd)[0]]

function daemons(): number[] {
  return (childrenOf(process.pid) ?? []).filter((pid) => /containerd\0--config/.test(commandLine(pid)))
}

test('a daemon that is killed fails what is asked of it, with the reason, and its store is released all the same', async () => {
  const before = daemons()
  await withFixture(overlayfs, configure(overlayfs), async ({ snapshotter }) => {
    await snapshotter.prepare('before', null)
    await snapshotter.remove('before')
    const [pid] = daemons().filter((one) => !before.includes(one))
    process.kill(pid as number, 'SIGKILL')
    await vi.waitFor(async () =>
      expect((await snapshotter.condition?.())?.failure?.code).toBe('driver.no-daemon'),
    )
    await snapshotter.settle()
    await expect(snapshotter.prepare('after', null)).rejects.toMatchObject({
      code: 'driver.no-daemon',
      message: expect.stringMatching(/^containerd ended while it was needed/),
    })
  })
  expect(daemons()).toEqual(before)
})

test('a snapshotter that this version does not have is unsupported, and names the version', async () => {
  const directory = mkdtempSync('/tmp/bench-containerd-')
  const places = { root: `${directory}/r`, directory: `${directory}/d` }
  const before = daemons()
  await expect(
    startContainerd(testHost(), { snapshotter: 'nonesuch', settings: [] }, places),
  ).rejects.toMatchObject({
    code: 'driver.snapshotter',
    message: expect.stringMatching(/^containerd \S+ has no snapshotter nonesuch$/),
  })
  expect(daemons()).toEqual(before)
  rmSync(directory, { recursive: true })
})
