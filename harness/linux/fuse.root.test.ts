import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { writeHungFuse } from '../testing/hung-fuse.ts'
import { diskFolder, isRoot, testHost } from '../testing/scratch-file.ts'
import { abortFuseConnection, isFuse } from './fuse.ts'
import { readMounts } from './mountinfo.ts'

test.each([
  ['fuse', true],
  ['fuse.sshfs', true],
  ['fuseblk', true],
  ['fusectl', false],
  ['ext4', false],
])('%s is served by a daemon: %s', (type, served) => expect(isFuse(type)).toBe(served))

describe.skipIf(!isRoot || !existsSync('/dev/fuse'))('a connection whose daemon hangs', () => {
  test('is ended: what waits for it, and what no signal ends, gets an error', async () => {
    using folder = diskFolder()
    const target = join(folder.path, 'mnt')
    mkdirSync(target)
    const [, program = ''] = writeHungFuse(folder.path)
    const daemon = spawn(process.execPath, [program, target], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(daemon.stdout, 'data')
    const waiting = spawn('stat', [join(target, 'file')], { stdio: 'ignore' })
    const ended = once(waiting, 'exit')
    await once(waiting, 'spawn')
    const mount = readMounts().find((each) => each.target === target)
    await vi.waitFor(() => expect(existsSync(`${target}.taken`)).toBe(true), 10_000)
    waiting.kill('SIGKILL')
    const stat = () => readFileSync(`/proc/${waiting.pid}/stat`, 'utf8')
    await vi.waitFor(() => expect(stat()).toContain('(stat) D'), 10_000)
    abortFuseConnection(Number(mount?.device.split(':')[1]))
    await ended
    testHost().syscalls.umount(target)
    daemon.kill('SIGKILL')
    await once(daemon, 'exit')
    // It is gone, which is no error.
    abortFuseConnection(Number(mount?.device.split(':')[1]))
  })
})
