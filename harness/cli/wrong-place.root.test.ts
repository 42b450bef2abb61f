/** Scratch, devices and outputs that a run must not touch, or cannot use. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, mkdirSync, openSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoopDevice } from '../contracts/host.ts'
import { MountFlag } from '../contracts/syscalls.ts'
import { inMountNamespace } from '../linux/privilege.ts'
import { allocateFile, attachDisk, diskFolder, isRoot, MIB, testHost } from '../testing/scratch-file.ts'
import type { Place } from './testing/bench.ts'
import { waitFor } from './testing/leftovers.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'

const NOT_READY = 4
const RUN = ['run', '--driver', 'overlay2', '--scenario', 'bigfile']
const within =
  (...args: readonly string[]) =>
  (place: Place) => [...RUN, '--scratch', place.scratch, ...args]

const PLACES: readonly Refusal[] = [
  ['scratch in memory', () => [...RUN, '--scratch', '/dev/shm/x'], /is on tmpfs: it would measure memory/],
  ['scratch that is a file', () => [...RUN, '--scratch', '/etc/passwd'], /passwd is not a folder/],
  ['scratch below a file', () => [...RUN, '--scratch', '/etc/passwd/x'], /passwd is not a folder/],
  ['more scratch than there is', within('--scratch-size', '4096T'), /4096T; .* has .*G free/, NOT_READY],
  [
    'output below /proc',
    within('--output', '/proc/x/y'),
    /no run folder can be made in \/proc\/x\/y: ENOENT/,
  ],
  ['output below a file', within('--output', '/etc/passwd/x'), /no run folder can be made .* ENOTDIR/],
]

describe.skipIf(!isRoot)('a wrong place', () => {
  test.each(named(PLACES))('%s', (_, refusal) => expectRefusal(refusal))

  test.each([
    ['output', '--output', /no run folder can be made in .*EROFS/],
    ['scratch', '--scratch', /cannot be written: EROFS/],
  ])('%s that is read-only', async (_, flag, message) => {
    using folder = diskFolder()
    const { syscalls } = testHost()
    syscalls.mount(folder.path, folder.path, 'none', MountFlag.bind, '')
    syscalls.mount('', folder.path, 'none', MountFlag.bind | MountFlag.remount | MountFlag.readOnly, '')
    try {
      await expectRefusal(['', within(flag, `${folder.path}/below`), message])
    } finally {
      syscalls.umount(folder.path)
    }
  })

  test.each([
    ['has no space left', 'size=4k'],
    ['has no inodes left', 'nr_inodes=3'],
  ])(
    'output that %s is refused as one that is read-only, and nothing is left of the run',
    async (_, options) => {
      using folder = diskFolder()
      const { syscalls } = testHost()
      syscalls.mount('tmpfs', folder.path, 'tmpfs', 0, options)
      try {
        await expectRefusal(['', within('--output', folder.path), /no run folder can be made in .*ENOSPC/])
        expect(readdirSync(folder.path)).toEqual([])
      } finally {
        syscalls.umount(folder.path)
      }
    },
  )
})

const onDevice =
  (device: string, ...args: readonly string[]) =>
  () => [...RUN, '--device', device, ...args]
/** A mount namespace that another test made meanwhile copied our mounts: the device is held until it ends. */
const released = (device: string) =>
  waitFor(`${device} to be free`, 60, () => {
    try {
      closeSync(openSync(device, constants.O_RDWR | constants.O_EXCL))
      return true
    } catch {
      return false
    }
  })
const expectSays = (message: RegExp, args: () => readonly string[], code?: number) =>
  expectRefusal(code === undefined ? ['', args, message] : ['', args, message, code])

describe.skipIf(!isRoot)('a device', () => {
  const host = testHost()
  const folder = diskFolder()
  const loops: LoopDevice[] = []

  /** A loop device stands in for a disk. */
  async function makeDisk(name: string, size: number): Promise<string> {
    const loop = await attachDisk(host, allocateFile(host, folder.path, name, size))
    loops.push(loop)
    return loop.device
  }
  function command(program: string, ...args: readonly string[]): void {
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
  }
  /** Content of the disk: the refusals must leave it unchanged. */
  const beginning = (device: string) => {
    const fd = openSync(device, 'r')
    try {
      return readFileSync(fd).subarray(0, 4 * MIB)
    } finally {
      closeSync(fd)
    }
  }

  let disk: string
  beforeAll(async () => {
    disk = await makeDisk('disk', 64 * MIB)
    command('mkfs.ext4', '-q', '-L', 'precious', disk)
  })
  afterAll(() => {
    for (const loop of loops) loop.detach()
    folder[Symbol.dispose]()
  })

  test('that is missing', () => expectSays(/\/dev\/nowhere does not exist/, onDevice('/dev/nowhere')))

  test('that is a folder', () =>
    expectSays(/is a folder, not a block device: .*--scratch/, onDevice('/var/tmp')))

  test('that is a character device', () =>
    expectSays(/null is a character device, not a block device/, onDevice('/dev/null')))

  test('that carries a file system', async () => {
    const before = beginning(disk)
    await expectSays(/contains a signature of ext4 "precious": .*--destroy/, onDevice(disk))
    expect(beginning(disk).equals(before)).toBe(true)
  })

  test('that carries a file system, and another is to be destroyed', async () => {
    const before = beginning(disk)
    const message = /--destroy other is not the by-id name or the serial of \/dev\/loop/
    await expectSays(message, onDevice(disk, '--destroy', 'other'))
    expect(beginning(disk).equals(before)).toBe(true)
  })

  test('that carries a file system, behind a link to it', async () => {
    const link = `${folder.path}/link`
    symlinkSync(disk, link)
    await expectSays(/contains a signature of ext4/, onDevice(link))
  })

  test('that is mounted', async () => {
    const target = `${folder.path}/mounted`
    mkdirSync(target)
    host.syscalls.mount(disk, target, 'ext4', 0, '')
    try {
      await expectSays(/is mounted on .*mounted: give a device that nothing uses/, onDevice(disk))
    } finally {
      host.syscalls.umount(target)
    }
  })

  test('that is mounted where we do not see it', async () => {
    const target = `${folder.path}/elsewhere`
    mkdirSync(target)
    const script = `mount ${disk} ${target} && echo && exec sleep 60`
    const [program, ...args] = inMountNamespace(['sh', '-c', script])
    const other: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(other.stdout as NonNullable<typeof other.stdout>, 'data')
      await expectSays(/\/dev\/loop\d+ is in use/, onDevice(disk))
    } finally {
      const ended = once(other, 'exit')
      other.kill('SIGKILL')
      await ended
    }
  })

  test('of which a partition is mounted', async () => {
    const whole = await makeDisk('whole', 64 * MIB)
    const lines = 'label: gpt\nsize=32MiB\n'
    expect(spawnSync('sfdisk', ['--quiet', '--no-tell-kernel', whole], { input: lines }).status).toBe(0)
    command('partx', '--update', whole)
    const part = `${whole}p1`
    const target = `${folder.path}/part`
    mkdirSync(target)
    command('mkfs.ext4', '-q', part)
    host.syscalls.mount(part, target, 'ext4', 0, '')
    try {
      await expectSays(/p1 is mounted on/, onDevice(whole))
    } finally {
      host.syscalls.umount(target)
    }
    await released(whole)
    await expectSays(/contains a signature of gpt/, onDevice(whole))
    command('partx', '--delete', whole)
  })

  test('that is swap', async () => {
    const swap = await makeDisk('swap', 16 * MIB)
    command('mkswap', '--quiet', swap)
    command('swapon', '--priority', '0', swap)
    try {
      await expectSays(/is used as swap/, onDevice(swap))
    } finally {
      command('swapoff', swap)
    }
    await expectSays(/contains a signature of swap/, onDevice(swap))
  })

  test('that is too small', async () => {
    const small = await makeDisk('small', 16 * MIB)
    await expectSays(/has room for 12M a configuration; .* are needed/, onDevice(small), NOT_READY)
  })
})
