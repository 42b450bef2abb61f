/**
 * The driver on a kernel whose aufs is played: what it asks of mount(2) is recorded and answered as the kernel's would
 * (fs/aufs/opts.c), and what a mounted union leaves in its upper branch (include/uapi/linux/aufs_type.h) is written by
 * the test. All else is done for real, on a tmpfs in place of the formatted backing.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Host } from '../../harness/contracts/host.ts'
import type { Snapshotter } from '../../harness/contracts/snapshotter.ts'
import { MountFlag, SyscallError } from '../../harness/contracts/syscalls.ts'
import { createMounts } from '../../harness/host/mounts.ts'
import { createFakeHost, type FakeHost } from '../../harness/testing/fake-host.ts'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { failureCode } from '../testsuite/checks/check.ts'
import { configure } from '../testsuite/configuration.ts'
import { aufs } from './index.ts'

const real = testHost().syscalls

let home: string
let target: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bench-test-'))
  target = join(home, 'm')
  for (const directory of ['d', 'm']) mkdirSync(join(home, directory))
})
afterEach(() => rmSync(home, { recursive: true }))

/** A union is a tmpfs of its name, so that the mount table has it; a remount adds branches to what is there. */
function playAufs(known: readonly string[]): FakeHost & Pick<Host, 'mount' | 'unmount'> {
  const host = createFakeHost({
    syscalls: {
      mount(source, on, type, flags, data) {
        if (type === 'bind' || (flags & MountFlag.bind) !== 0)
          return real.mount(source, on, type, flags, data)
        if (type !== 'aufs') return real.mount(source, on, 'tmpfs', 0, '')
        const unknown = data.split(',').find((option) => !known.includes(option.split(/[:=]/)[0] ?? ''))
        if (unknown !== undefined) throw new SyscallError('mount', 22, 'EINVAL', `aufs ${source} on ${on}`)
        if ((flags & MountFlag.remount) === 0) real.mount(source, on, 'tmpfs', flags, '')
      },
      umount: (on, flags) => real.umount(on, flags),
      syncfs: (fd) => real.syncfs(fd),
    },
  })
  return { ...host, ...createMounts(host.syscalls, host.loops, host.daemon) }
}

const ALL_OPTIONS = ['br', 'append', 'dio', 'xino', 'dirperm1']

async function onStore(
  options: Readonly<Record<string, string>>,
  work: (snapshotter: Snapshotter, host: FakeHost) => Promise<void>,
): Promise<void> {
  const host = playAufs(ALL_OPTIONS)
  const scratch = { device: '/dev/scratch', size: 0, directory: join(home, 'd'), label: 'bench-test' }
  await using snapshotter = await aufs.open(host, configure(aufs, 'ext4', options), scratch)
  host.newCalls()
  await work(snapshotter, host)
}

const files = (id: string) => join(home, 'd', 's', id, 'd')
const callsOf = (host: FakeHost) => host.newCalls().map((call) => call.replaceAll(home, ''))

async function commitLayers(snapshotter: Snapshotter, count: number): Promise<string> {
  let parent: string | null = null
  for (let index = 0; index < count; index += 1) {
    await snapshotter.prepare('filling', parent)
    parent = `layer-${index}`
    await snapshotter.commit(parent, 'filling')
  }
  return parent ?? ''
}

describe('what mount(2) is asked for', () => {
  test('a container: one call', () =>
    onStore({}, async (snapshotter, host) => {
      await host.mount(await snapshotter.prepare('container', await commitLayers(snapshotter, 2)), target)
      expect(callsOf(host)).toEqual([
        'mount(2) /d/s/2 /m aufs 0 br:/d/s/2/d=rw:/d/s/1/d=ro+wh:/d/s/0/d=ro+wh,dio,xino=/dev/shm/aufs.xino,dirperm1',
      ])
      await host.unmount(target)
    }))

  test('a view, without dirperm1: read-only', () =>
    onStore({ dirperm1: 'off' }, async (snapshotter, host) => {
      await host.mount(await snapshotter.view('view', await commitLayers(snapshotter, 2)), target)
      expect(callsOf(host)).toEqual([
        'mount(2) /d/s/2 /m aufs 1 br:/d/s/1/d=ro+wh:/d/s/0/d=ro+wh,dio,xino=/dev/shm/aufs.xino',
      ])
      await host.unmount(target)
    }))

  test('more layers than fit a page of options: the others are appended by remounts', () =>
    onStore({}, async (snapshotter, host) => {
      const layers = 120
      await host.mount(
        await snapshotter.prepare('container', await commitLayers(snapshotter, layers)),
        target,
      )
      const calls = host.newCalls().map((call) => call.split(' '))
      expect(calls.length).toBeGreaterThan(1)
      expect(calls.map(([, , , , flags]) => Number(flags))).toEqual(
        calls.map((_, index) => (index === 0 ? 0 : MountFlag.remount)),
      )
      const data = calls.map((call) => call[5] ?? '')
      for (const page of data) expect(page.length).toBeLessThan(4096)
      expect(data.slice(1).join(',')).toMatch(/^append:[^,]*=ro\+wh(?:,append:[^,]*=ro\+wh)*$/)
      expect(data.join(',').match(/=ro\+wh/g)).toHaveLength(layers)
      await host.unmount(target)
    }))
})

describe('a container of a layer', () => {
  const contentOf = (directory: string) => readdirSync(directory, { recursive: true }).map(String).sort()

  test('is not taken away, nor committed, while it is mounted', () =>
    onStore({}, async (snapshotter, host) => {
      await host.mount(await snapshotter.prepare('container', await commitLayers(snapshotter, 1)), target)
      expect(await failureCode(() => snapshotter.remove('container'))).toBe('driver.busy')
      expect(await failureCode(() => snapshotter.commit('image', 'container'))).toBe('driver.busy')
      await host.unmount(target)
      await snapshotter.remove('container')
    }))

  test('committed, keeps its files, whiteouts and opaque directories, and nothing of the mount', () =>
    onStore({}, async (snapshotter) => {
      await snapshotter.prepare('container', await commitLayers(snapshotter, 1))
      const upper = files('1')
      for (const directory of ['.wh..wh.plnk', '.wh..wh.orph', 'opaque']) mkdirSync(join(upper, directory))
      for (const file of ['.wh..wh.aufs', '.wh..wh.plnk/12.13', '.wh.gone', '.wh..wh..opq', 'kept']) {
        writeFileSync(join(upper, file), '')
      }
      for (const file of ['.wh..wh..opq', '.wh.gone', 'file']) writeFileSync(join(upper, 'opaque', file), '')
      await snapshotter.commit('image', 'container')
      expect(contentOf(upper)).toEqual([
        '.wh..wh..opq',
        '.wh.gone',
        'kept',
        'opaque',
        'opaque/.wh..wh..opq',
        'opaque/.wh.gone',
        'opaque/file',
      ])
    }))
})

describe('probe', () => {
  test('without aufs: why, and which kernels had it', async () => {
    const host = createFakeHost({ filesystems: ['ext4', 'xfs'] })
    expect(await aufs.probe(host, configure(aufs))).toEqual({
      ok: false,
      code: 'kernel.no-filesystem',
      reason: 'this kernel (0.0.0-fake) has no aufs',
      hint: expect.stringMatching(/Ubuntu.*Debian.*aufs-standalone/),
    })
    expect(host.calls).toEqual([])
  })

  test('an aufs that knows no dirperm1: what would work', async () => {
    const host = playAufs(['br', 'append', 'dio', 'xino'])
    expect(await aufs.probe(host, configure(aufs))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('EINVAL'),
      hint: expect.stringContaining('dirperm1=off'),
    })
    expect(host.calls.filter((call) => call.startsWith('mount(2)')).at(-1)).toContain(',dirperm1')
  })
})
