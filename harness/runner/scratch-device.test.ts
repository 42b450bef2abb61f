import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { benchErrorOfAsync } from '../testing/errors.ts'
import { allocateFile, diskFolder, isRoot, MIB, testHost } from '../testing/scratch-file.ts'
import { requireFreeDevice } from './scratch-device.ts'

test.skipIf(!isRoot)('a refusal names the mount point as it is, with its blanks', async () => {
  const host = testHost()
  using folder = diskFolder()
  const loop = host.loops.attach(allocateFile(host, folder.path, 'disk', 16 * MIB))
  try {
    await host.run('mkfs.ext4', ['-q', loop.device])
    const target = join(folder.path, 'a b')
    mkdirSync(target)
    host.syscalls.mount(loop.device, target, 'ext4', 0, '')
    try {
      const { code, message } = await benchErrorOfAsync(requireFreeDevice(host, loop.device, null))
      expect(code).toBe('usage.device-busy')
      expect(message).toBe(`${loop.device} is mounted on ${target}`)
    } finally {
      host.syscalls.umount(target)
    }
  } finally {
    loop.detach()
  }
})
