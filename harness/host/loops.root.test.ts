import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { LoopOptions } from '../contracts/host.ts'
import { blockFolder, readSysfs } from '../linux/sysfs.ts'
import { allocateFile, diskFolder, isRoot, loopFiles, MIB, testHost } from '../testing/scratch-file.ts'

const host = testHost()
const sys = (device: string, name: string) => readSysfs(`${blockFolder(device)}/${name}`)

describe.skipIf(!isRoot)('a loop device', () => {
  function withLoop(
    options: LoopOptions,
    work: (device: string, file: string, detach: () => void) => void,
  ): void {
    using folder = diskFolder()
    const file = allocateFile(host, folder.path, 'file', 8 * MIB)
    const loop = host.loops.attach(file, options)
    try {
      work(loop.device, file, () => loop.detach())
    } finally {
      loop.detach()
    }
    expect(loopFiles(folder.path)).toEqual([])
  }

  test('has the size of its file, ends with its holder, and does not copy into the cache', () => {
    withLoop({ directIo: true }, (device, file) => {
      expect(loopFiles(file)).toEqual([file])
      expect(Number(sys(device, 'size')) * 512).toBe(8 * MIB)
      expect(sys(device, 'loop/autoclear')).toBe('1')
      expect(sys(device, 'loop/dio')).toBe('1')
      expect(sys(device, 'ro')).toBe('0')
    })
  })

  test('goes through the cache by default', () => {
    withLoop({}, (device) => expect(sys(device, 'loop/dio')).toBe('0'))
  })

  test('can be a part of its file', () => {
    withLoop({ offset: MIB, size: 2 * MIB }, (device, file) => {
      expect(Number(sys(device, 'size')) * 512).toBe(2 * MIB)
      expect(Number(sys(device, 'loop/offset'))).toBe(MIB)
      const fd = openSync(device, 'rs+')
      writeSync(fd, Buffer.alloc(4096, 'x'), 0, 4096, 0)
      closeSync(fd)
      const backing = openSync(file, 'r')
      const around = Buffer.alloc(2)
      readSync(backing, around, 0, 2, MIB - 1)
      closeSync(backing)
      expect(around.toString()).toBe('\0x')
    })
  })

  test('can have larger sectors', () => {
    withLoop({ sectorSize: 4096 }, (device) => expect(sys(device, 'queue/logical_block_size')).toBe('4096'))
  })

  test('can be read-only', () => {
    withLoop({ readOnly: true }, (device) => {
      expect(sys(device, 'ro')).toBe('1')
      const fd = openSync(device, 'r+')
      expect(() => writeSync(fd, 'x')).toThrow('EPERM')
      closeSync(fd)
    })
  })

  test('can be detached twice', () => {
    withLoop({}, (_, file, detach) => {
      detach()
      expect(loopFiles(file)).toEqual([])
      detach()
    })
  })

  test('that is let go while mounted detaches itself at umount', () => {
    using folder = diskFolder()
    const file = allocateFile(host, folder.path, 'file', 8 * MIB)
    expect(spawnSync('mkfs.ext4', ['-q', file]).status).toBe(0)
    const target = join(folder.path, 'm')
    mkdirSync(target)
    const loop = host.loops.attach(file)
    host.syscalls.mount(loop.device, target, 'ext4', 0, '')
    loop.detach()
    expect(loopFiles(file)).toEqual([file])
    host.syscalls.umount(target)
    expect(loopFiles(file)).toEqual([])
  })

  test('of a file that is not there is an error that leaves nothing', () => {
    expect(() => host.loops.attach('/nowhere/file')).toThrow('ENOENT')
  })

  test('devices attached at once are different ones', () => {
    using folder = diskFolder()
    const loops = Array.from({ length: 12 }, (_, index) =>
      host.loops.attach(allocateFile(host, folder.path, String(index), MIB)),
    )
    expect(new Set(loops.map((loop) => loop.device)).size).toBe(12)
    for (const loop of loops) loop.detach()
    expect(loopFiles(folder.path)).toEqual([])
  })
})
