import { spawnSync } from 'node:child_process'
import { mkdirSync, openSync, closeSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Mount } from '../contracts/snapshotter.ts'
import type { Syscalls } from '../contracts/syscalls.ts'
import { mountPointsBelow } from '../linux/mountinfo.ts'
import { benchErrorOfAsync } from '../testing/errors.ts'
import { allocateFile, diskFolder, isRoot, loopFiles, MIB, testHost } from '../testing/scratch-file.ts'
import { createMounts } from './mounts.ts'

const host = testHost()

/** A folder with these folders in it. */
function folders(...names: readonly string[]) {
  const folder = diskFolder()
  for (const name of names) mkdirSync(join(folder.path, name), { recursive: true })
  return {
    ...folder,
    at: (name: string) => join(folder.path, name),
    [Symbol.dispose]: folder[Symbol.dispose],
  }
}

/** The same mounts through system calls that tell which way was taken. */
function watched() {
  const ways: string[] = []
  const syscalls: Syscalls = {
    ...host.syscalls,
    mount(...args) {
      ways.push(`mount(2) in ${process.cwd()}`)
      host.syscalls.mount(...args)
    },
    mountByFsconfig(...args) {
      ways.push('fsconfig')
      host.syscalls.mountByFsconfig(...args)
    },
  }
  return { ways, ...createMounts(syscalls, host.loops, host.daemon) }
}

/** Makes an overlay of `layers` lower layers with names of `letters` letters, each with a file of its own. */
function overlay(root: string, count: number, letters: number, writable = true): Mount {
  const lowers = Array.from({ length: count }, (_, index) => {
    const path = join(root, 'l', String(index).padStart(letters, 'x'))
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, `from-${index}`), String(index))
    writeFileSync(join(path, 'top'), String(index))
    return path
  })
  const upper = writable ? [`upperdir=${join(root, 'u')}`, `workdir=${join(root, 'w')}`] : []
  return {
    type: 'overlay',
    source: 'overlay',
    options: [`lowerdir=${lowers.join(':')}`, ...upper, ...(writable ? [] : ['ro'])],
  }
}

describe.skipIf(!isRoot)('mounts', () => {
  test('a bind mount shows a folder; read-only it cannot be written', async () => {
    using place = folders('source', 'rw', 'ro')
    writeFileSync(place.at('source/file'), 'x')
    await host.mount([{ type: 'bind', source: place.at('source'), options: ['bind'] }], place.at('rw'))
    await host.mount([{ type: 'bind', source: place.at('source'), options: ['rbind', 'ro'] }], place.at('ro'))
    writeFileSync(place.at('rw/file'), 'y')
    expect(readFileSync(place.at('ro/file'), 'utf8')).toBe('y')
    expect(() => writeFileSync(place.at('ro/file'), 'z')).toThrow('EROFS')
    await host.unmount(place.at('rw'))
    await host.unmount(place.at('ro'))
    expect(mountPointsBelow(place.path)).toEqual([])
  })

  test('an image file is mounted through a loop device that ends with the mount', async () => {
    using place = folders('m')
    const file = allocateFile(host, place.path, 'image', 8 * MIB)
    expect(spawnSync('mkfs.ext4', ['-q', file]).status).toBe(0)
    await host.mount([{ type: 'ext4', source: file, options: ['loop=direct', 'noatime'] }], place.at('m'))
    writeFileSync(place.at('m/file'), 'x')
    expect(loopFiles(place.path)).toEqual([file])
    await host.unmount(place.at('m'))
    expect(loopFiles(place.path)).toEqual([])
    await host.mount([{ type: 'ext4', source: file, options: ['loop', 'ro'] }], place.at('m'))
    expect(readFileSync(place.at('m/file'), 'utf8')).toBe('x')
    expect(() => writeFileSync(place.at('m/file'), 'y')).toThrow('EROFS')
    await host.unmount(place.at('m'))
    expect(loopFiles(place.path)).toEqual([])
  })

  test('an image file without a file system leaves no loop device', async () => {
    using place = folders('m')
    const file = allocateFile(host, place.path, 'image', MIB)
    await expect(
      host.mount([{ type: 'ext4', source: file, options: ['loop'] }], place.at('m')),
    ).rejects.toThrow('EINVAL')
    expect(loopFiles(place.path)).toEqual([])
  })

  test('several mounts lie one on the other, in order', async () => {
    using place = folders('one', 'two', 'm')
    writeFileSync(place.at('two/seen'), '')
    const bind = (name: string): Mount => ({ type: 'bind', source: place.at(name), options: ['bind'] })
    await host.mount([bind('one'), bind('two')], place.at('m'))
    expect(readdirSync(place.at('m'))).toEqual(['seen'])
    await host.unmount(place.at('m'))
    await host.unmount(place.at('m'))
  })

  test('a busy mount is not unmounted', async () => {
    using place = folders('source', 'm')
    await host.mount([{ type: 'bind', source: place.at('source'), options: ['bind'] }], place.at('m'))
    const fd = openSync(place.at('m/file'), 'w')
    await expect(host.unmount(place.at('m'))).rejects.toMatchObject({ code: 'EBUSY' })
    closeSync(fd)
    await host.unmount(place.at('m'))
  })
})

describe.skipIf(!isRoot)('an overlay', () => {
  test.each([
    ['few layers fit one page as they are', 3, 4, /^mount\(2\) in /],
    ['many layers fit when their names are relative to where they lie', 120, 20, /^mount\(2\) in .*\/l$/],
    ['more are appended one by one', 120, 60, /^fsconfig$/],
  ])('%s', async (_, count, letters, way) => {
    using place = folders('u', 'w', 'm')
    const { mount, unmount, ways } = watched()
    const before = process.cwd()
    await mount([overlay(place.path, count, letters)], place.at('m'))
    expect(process.cwd()).toBe(before)
    expect(ways).toEqual([expect.stringMatching(way)])
    // All layers are there, and the first lies on top.
    expect(readdirSync(place.at('m'))).toHaveLength(count + 1)
    expect(readFileSync(place.at('m/top'), 'utf8')).toBe('0')
    writeFileSync(place.at('m/top'), 'new')
    expect(readFileSync(place.at('u/top'), 'utf8')).toBe('new')
    await unmount(place.at('m'))
    expect(mountPointsBelow(place.path)).toEqual([])
  })

  test.each([4, 20, 60])('without an upper layer, names of %i letters, is read-only', async (letters) => {
    using place = folders('m')
    const { mount, unmount } = watched()
    await mount([overlay(place.path, 120, letters, false)], place.at('m'))
    expect(() => writeFileSync(place.at('m/top'), 'new')).toThrow('EROFS')
    await unmount(place.at('m'))
  })

  test('with an option that the kernel does not know fails, whichever way was taken', async () => {
    using place = folders('u', 'w', 'm')
    for (const letters of [4, 20, 60]) {
      const { mount } = watched()
      const wrong = overlay(place.path, 120, letters)
      const options = [...wrong.options, 'no_such_option=1']
      const cwd = process.cwd()
      await expect(mount([{ ...wrong, options }], place.at('m'))).rejects.toMatchObject({ code: 'EINVAL' })
      expect(process.cwd()).toBe(cwd)
    }
    expect(mountPointsBelow(place.path)).toEqual([])
  })

  test('options of another file system that exceed a page are refused, not cut off', async () => {
    using place = folders('m')
    const mount: Mount = { type: 'ext4', source: '/dev/null', options: ['x'.repeat(5000)] }
    expect((await benchErrorOfAsync(host.mount([mount], place.at('m')))).message).toContain('exceed one page')
  })
})

describe.skipIf(!isRoot)('a FUSE mount', () => {
  const union = (place: { at(name: string): string }): Mount => ({
    type: 'fuse.fuse-overlayfs',
    source: 'union',
    options: [],
    args: ['-f', '-o', `lowerdir=${place.at('l')},upperdir=${place.at('u')},workdir=${place.at('w')}`],
  })

  test('is there when mount returns, and its daemon gone when unmount does', async () => {
    using place = folders('l', 'u', 'w', 'm')
    writeFileSync(place.at('l/file'), 'x')
    const pids: number[] = []
    const { mount, unmount } = createMounts(host.syscalls, host.loops, (...args) => {
      const daemon = host.daemon(...args)
      pids.push(daemon.pid)
      return daemon
    })
    await mount([union(place)], place.at('m'))
    expect(readFileSync(place.at('m/file'), 'utf8')).toBe('x')
    await unmount(place.at('m'))
    expect(pids).toHaveLength(1)
    expect(() => process.kill(pids[0] ?? 0, 0)).toThrow('ESRCH')
    expect(mountPointsBelow(place.path)).toEqual([])
  })

  test('whose program ends at once fails with what it said', async () => {
    using place = folders('l', 'm')
    const wrong = { ...union(place), args: ['-f', '-o', `lowerdir=${place.at('none')}`] }
    const started = Date.now()
    const error = await benchErrorOfAsync(host.mount([wrong], place.at('m')))
    expect(error.code).toBe('host.fuse-mount')
    expect(error.message).toMatch(/^fuse-overlayfs did not mount .*: .*No such file/)
    expect(Date.now() - started).toBeLessThan(10_000)
    expect(mountPointsBelow(place.path)).toEqual([])
  })

  test('whose program is not installed fails with that', async () => {
    using place = folders('m')
    const missing: Mount = { type: 'fuse.no-such-union', source: 'x', options: [] }
    const error = await benchErrorOfAsync(host.mount([missing], place.at('m')))
    expect(error).toMatchObject({ code: 'host.no-program', exitCode: 4 })
  })
})
