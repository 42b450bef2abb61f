/**
 * The driver against programs that answer by a script: which of them it starts, and in which order. A mounted dataset is
 * a tmpfs of that name, so that the mount table has it.
 */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Host } from '../../harness/contracts/host.ts'
import type { Snapshotter } from '../../harness/contracts/snapshotter.ts'
import { createMounts } from '../../harness/host/mounts.ts'
import { createFakeHost, type FakeHost } from '../../harness/testing/fake-host.ts'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { failureCode } from '../testsuite/checks/check.ts'
import { configure } from '../testsuite/configuration.ts'
import { createDriver, zfs } from './index.ts'
import { createFakeArc, type FakeArc } from './testing/fake-arc.ts'

const real = testHost().syscalls
const DEVICE = '/dev/scratch'

type Answer = (line: string) => string | undefined

let home: string
let target: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bench-test-'))
  target = join(home, 'm')
  mkdirSync(target)
})
afterEach(() => rmSync(home, { recursive: true }))

function scriptedHost(answer: Answer): FakeHost & Pick<Host, 'mount' | 'unmount'> {
  const host = createFakeHost({
    run: (program, words) => answer([program, ...words].join(' ')) ?? '',
    syscalls: {
      mount: (source, on, _, flags) => real.mount(source, on, 'tmpfs', flags, ''),
      umount: (on, flags) => real.umount(on, flags),
    },
  })
  return { ...host, ...createMounts(host.syscalls, host.loops, host.daemon) }
}

interface Stage {
  store: Snapshotter
  host: FakeHost
  arc: FakeArc
  /** The commands since the last time this was asked. */
  commands(): string[]
}

async function open(
  answer: Answer = () => undefined,
  options: Readonly<Record<string, string>> = {},
): Promise<Stage> {
  const host = scriptedHost(answer)
  const arc = createFakeArc()
  const scratch = { device: DEVICE, size: 0, directory: join(home, 'd'), label: 'bench-1-0' }
  const config = configure(zfs, 'zfs', { arc: '256M', ...options })
  const store = await createDriver(arc).open(host, config, scratch)
  const commands = () =>
    host.newCalls().flatMap((call) => (call.startsWith('run ') ? [call.slice('run '.length)] : []))
  return { store, host, arc, commands }
}

/** Returns a store with a committed layer, dataset 0, and a container of it, dataset 1, mounted on `target`. */
async function withContainer(answer?: Answer): Promise<Stage & { unmount(): Promise<void> }> {
  const stage = await open(answer)
  await stage.store.prepare('layer', null)
  await stage.store.commit('image', 'layer')
  await stage.host.mount(await stage.store.prepare('container', 'image'), target)
  stage.commands()
  return { ...stage, unmount: () => stage.host.unmount(target) }
}

describe('open', () => {
  test('journals the limit and the pool before it makes them', async () => {
    const { host, arc } = await open(undefined, { recordsize: '16K', compression: 'lz4', atime: 'on' })
    expect(host.calls.slice(-2)).toEqual([
      'journal record {"kind":"zpool","name":"bench-1-0"}',
      `run zpool create -f -m none -o ashift=12 -o cachefile=none -O recordsize=16384 -O compression=lz4 -O atime=on bench-1-0 ${DEVICE}`,
    ])
    expect(host.calls[0]).toMatch(/^journal record {"kind":"parameter"/)
    expect(arc.state()[1]).toBe(256 * 1024 ** 2)
  })

  test('puts the limit back where the pool cannot be made', async () => {
    const host = scriptedHost(() => {
      throw new Error('no such device')
    })
    const scratch = { device: DEVICE, size: 0, directory: home, label: 'bench-1-0' }
    const arc = createFakeArc()
    const before = arc.state()
    const opening = createDriver(arc).open(host, configure(zfs, 'zfs', { arc: '256M' }), scratch)
    await expect(opening).rejects.toThrow('no such device')
    expect(arc.state()).toEqual(before)
  })

  test('says whether the device sees less than is written', async () => {
    expect((await open()).store.store).toMatchObject({ devices: [DEVICE], compresses: false })
    expect((await open(undefined, { compression: 'zstd' })).store.store.compresses).toBe(true)
  })
})

describe('snapshots', () => {
  test('a layer without a parent is a dataset; its child, and a view of it, the clone of a snapshot', async () => {
    const { store, commands } = await open()
    commands()
    expect(await store.prepare('layer', null)).toEqual([
      { type: 'zfs', source: 'bench-1-0/0', options: ['noatime'] },
    ])
    expect(commands()).toEqual(['zfs create -o mountpoint=legacy bench-1-0/0'])
    await store.commit('image', 'layer')
    expect(commands()).toEqual([])
    await store.prepare('container', 'image')
    expect(commands()).toEqual([
      'zfs snapshot bench-1-0/0@1',
      'zfs clone -o mountpoint=legacy bench-1-0/0@1 bench-1-0/1',
      'zfs destroy -d bench-1-0/0@1',
    ])
    expect(await store.view('view', 'image')).toEqual([
      { type: 'zfs', source: 'bench-1-0/2', options: ['noatime', 'ro'] },
    ])
  })

  test('atime is left on where it is asked for', async () => {
    const { store } = await open(undefined, { atime: 'on' })
    expect(await store.prepare('layer', null)).toMatchObject([{ options: [] }])
  })

  test('a clone that fails leaves no snapshot, and its key is free', async () => {
    let broken = true
    const { store, commands } = await open((line) => {
      if (broken && line.startsWith('zfs clone')) throw new Error('out of space')
      return undefined
    })
    await store.prepare('layer', null)
    await store.commit('image', 'layer')
    commands()
    await expect(store.prepare('container', 'image')).rejects.toThrow('out of space')
    expect(commands().at(-1)).toBe('zfs destroy -d bench-1-0/0@1')
    broken = false
    expect(await store.prepare('container', 'image')).toHaveLength(1)
  })

  test('what is mounted is neither committed nor removed', async () => {
    const { store, commands, unmount } = await withContainer()
    expect(await failureCode(() => store.remove('container'))).toBe('driver.busy')
    expect(await failureCode(() => store.commit('other', 'container'))).toBe('driver.busy')
    expect(await failureCode(() => store[Symbol.asyncDispose]())).toBe('driver.busy')
    expect(commands()).toEqual([])
    await unmount()
    await store.remove('container')
    expect(commands()).toEqual(['zfs destroy -r bench-1-0/1'])
  })
})

describe('what ZFS says', () => {
  /** A transaction group, and bytes by property. */
  const PROPERTIES: Readonly<Record<string, string>> = {
    createtxg: '40\n',
    referenced: '1000000\n',
    'written@bench-1-0/0@1': '200000\n',
    freeing: '0\n',
    allocated: '3000000\n',
  }
  const property = (line: string) => PROPERTIES[/-o value (\S+)/.exec(line)?.[1] ?? '']

  test('of space: what a layer references, and what a container wrote since its origin', async () => {
    const { store, commands, unmount } = await withContainer(property)
    expect(await store.usage('image')).toEqual({ bytes: 1000000, inodes: null })
    expect(commands()).toEqual(['zfs get -Hp -o value referenced bench-1-0/0'])
    expect(await store.usage('container')).toEqual({ bytes: 200000, inodes: null })
    expect(await store.allocated()).toEqual({ bytes: 3000000, inodes: null })
    await unmount()
  })

  test('of a file: its records older and younger than the origin', async () => {
    const printed = [
      '               0 L1  0:4c4a000:3000 20000L/3000P F=2 B=45/45 cksum=1:2:3:4',
      '               0  L0 0:400000:20000 20000L/20000P F=1 B=40/40 cksum=1:2:3:4',
      '           20000  L0 0:420000:20000 20000L/20000P F=1 B=45/45 cksum=1:2:3:4',
    ].join('\n')
    const { store, commands, unmount } = await withContainer((line) =>
      line.startsWith('zdb') ? printed : property(line),
    )
    writeFileSync(join(target, 'file'), '')
    const { ino } = statSync(join(target, 'file'))
    expect(await store.provenance('container', 'file')).toEqual({
      layer: 'shared',
      sharedBytes: 131072,
      exclusiveBytes: 131072,
    })
    expect(commands()).toEqual([
      'zpool sync bench-1-0',
      'zfs get -Hp -o value createtxg bench-1-0/0@1',
      `zdb -e -p ${DEVICE} -ddddd bench-1-0/1 ${ino}`,
    ])
    await unmount()
  })

  test('of a container that is not mounted: all of its dataset', async () => {
    const { store, unmount } = await withContainer(property)
    await unmount()
    expect(await store.provenance('container', 'file')).toEqual({
      layer: 'shared',
      sharedBytes: 800000,
      exclusiveBytes: 200000,
    })
  })

  test('is waited for, until what was destroyed is free', async () => {
    const freeing = ['4096', '4096', '0']
    const { store, commands } = await open((line) => (line.includes('freeing') ? freeing.shift() : undefined))
    commands()
    await store.settle()
    const sync = 'zpool sync bench-1-0'
    const ask = 'zpool get -Hp -o value freeing bench-1-0'
    expect(commands()).toEqual([sync, ask, sync, ask, sync, ask, sync])
  })

  test('of the ARC goes to the witness', async () => {
    const { store } = await open()
    expect(await store.condition?.()).toEqual({
      details: { arcLimit: 256 * 1024 ** 2, arcSize: 1024 ** 2 },
    })
  })
})

describe('forgetting', () => {
  test('takes the pool out of the kernel and back, between unmounting and mounting', async () => {
    const { store, host, unmount } = await withContainer()
    host.newCalls()
    await store.forget?.()
    expect(host.newCalls().map((call) => call.replaceAll(home, ''))).toEqual([
      'umount(2) /m 0',
      'run zpool export bench-1-0',
      `run zpool import -N -o cachefile=none -d ${DEVICE} bench-1-0`,
      'mount(2) bench-1-0/1 /m zfs 1024 ',
    ])
    await unmount()
  })

  test('is refused while a file is open there, and everything is as it was', async () => {
    const { store, commands, unmount } = await withContainer()
    const below = join(target, 'below')
    mkdirSync(below)
    real.mount('busy', below, 'tmpfs', 0, '')
    expect(await failureCode(() => store.forget?.())).toBe('driver.busy')
    expect(commands()).toEqual([])
    real.umount(below)
    await unmount()
  })
})

test('dispose destroys the pool, puts the limit back, and the journal forgets both', async () => {
  const { store, host, arc } = await open()
  host.newCalls()
  await store[Symbol.asyncDispose]()
  expect(host.newCalls()).toEqual([
    'run zpool destroy bench-1-0',
    'journal forget {"kind":"zpool","name":"bench-1-0"}',
    expect.stringContaining('journal forget {"kind":"parameter"'),
    expect.stringContaining('journal forget {"kind":"parameter"'),
  ])
  expect(arc.state()[0]).toBe('0')
  await store[Symbol.asyncDispose]()
  expect(host.newCalls()).toEqual([])
})

describe('probe', () => {
  const config = configure(zfs)

  test('without the module: what is missing, and what would help', async () => {
    const host = createFakeHost({ filesystems: [] })
    expect(await zfs.probe(host, config)).toMatchObject({
      ok: false,
      code: 'kernel.no-filesystem',
      reason: expect.stringContaining('0.0.0-fake'),
      hint: expect.stringContaining('zfs-dkms'),
    })
    expect(host.calls).toEqual(['run modprobe --quiet zfs'])
  })

  test('without the programs: which', async () => {
    const host = createFakeHost({ programs: ['zfs'] })
    expect(await zfs.probe(host, config)).toMatchObject({
      ok: false,
      code: 'host.no-program',
      reason: 'zpool, zdb are not installed',
      hint: expect.stringContaining('zfsutils-linux'),
    })
  })
})
