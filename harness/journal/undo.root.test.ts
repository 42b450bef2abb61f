import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/host.ts'
import { MountFlag } from '../contracts/syscalls.ts'
import { mountPointsBelow } from '../linux/mountinfo.ts'
import { startTimeOf } from '../linux/process.ts'
import { attachedLoops } from '../linux/sysfs.ts'
import { allocateFile, diskFolder, isRoot, loopFiles, MIB, testHost } from '../testing/scratch-file.ts'
import { RUN_VARIABLE } from './rules.ts'
import { undoEntry, type HostForUndo } from './undo.ts'

const host = testHost()

const RUN = '20260131-142501-k3x9'

const undoOne = (entry: JournalEntry, by: HostForUndo = host) =>
  undoEntry(by, entry, { run: RUN, sameBoot: true })

/** The last recorded first. */
async function undo(by: HostForUndo, entries: readonly JournalEntry[]) {
  const results = []
  for (const entry of entries.toReversed()) results.push(await undoOne(entry, by))
  return results
}

function bind(source: string, target: string): void {
  mkdirSync(target, { recursive: true })
  host.syscalls.mount(source, target, 'none', MountFlag.bind, '')
}

describe('files and folders', () => {
  test('go, and are fine when they are gone', async () => {
    using folder = diskFolder()
    const file = join(folder.path, 'file')
    const tree = join(folder.path, 'tree')
    writeFileSync(file, 'x')
    mkdirSync(join(tree, 'a/b'), { recursive: true })
    const entries: JournalEntry[] = [
      { kind: 'directory', path: tree },
      { kind: 'file', path: file },
    ]
    expect(await undo(host, entries)).toEqual([
      { entry: entries[1], done: `removed ${file}`, error: null },
      { entry: entries[0], done: `removed ${tree}`, error: null },
    ])
    expect(existsSync(file) || existsSync(tree)).toBe(false)
    expect((await undo(host, entries)).map(({ done, error }) => [done, error])).toEqual([
      [null, null],
      [null, null],
    ])
  })

  test('a link goes, what it points to stays', async () => {
    using folder = diskFolder()
    const target = join(folder.path, 'target')
    mkdirSync(target)
    writeFileSync(join(target, 'precious'), 'x')
    const links = ['to-folder', 'to-nothing'].map((name) => join(folder.path, name))
    symlinkSync(target, links[0] ?? '')
    symlinkSync('/nowhere/at/all', links[1] ?? '')
    const results = await undo(
      host,
      links.map((path) => ({ kind: 'file', path })),
    )
    expect(results.every(({ done }) => done !== null)).toBe(true)
    expect(existsSync(join(target, 'precious'))).toBe(true)
  })
})

describe.skipIf(!isRoot)('mounts', () => {
  test('all at and below a path go, the last made first', async () => {
    using folder = diskFolder()
    const outside = join(folder.path, 'outside')
    mkdirSync(outside)
    const at = join(folder.path, 'at')
    bind(outside, at)
    bind(outside, join(at, 'below'))
    bind(outside, at)
    expect(mountPointsBelow(at)).toHaveLength(3)
    expect((await undoOne({ kind: 'mount', path: at })).done).toBe(`unmounted 3 below ${at}`)
    expect(mountPointsBelow(at)).toEqual([])
    expect(await undoOne({ kind: 'mount', path: at })).toMatchObject({ done: null, error: null })
  })

  test('one beside it whose name begins the same stays', async () => {
    using folder = diskFolder()
    const outside = join(folder.path, 'outside')
    mkdirSync(outside)
    const beside = join(folder.path, 'at-all')
    bind(outside, beside)
    await undoOne({ kind: 'mount', path: join(folder.path, 'at') })
    expect(mountPointsBelow(beside)).toHaveLength(1)
    await undoOne({ kind: 'mount', path: beside })
  })

  test('a folder is never deleted through a mount below it', async () => {
    using folder = diskFolder()
    const precious = join(folder.path, 'precious')
    mkdirSync(precious)
    writeFileSync(join(precious, 'data'), 'x')
    const ours = join(folder.path, 'our folder\twith\\odd name')
    bind(precious, join(ours, 'mounted here'))
    expect(await undoOne({ kind: 'directory', path: ours })).toMatchObject({ error: null })
    expect(existsSync(ours)).toBe(false)
    expect(readFileSync(join(precious, 'data'), 'utf8')).toBe('x')
    expect(mountPointsBelow(folder.path)).toEqual([])
  })

  test('when a mount does not go, nothing is deleted, and the others are undone all the same', async () => {
    using folder = diskFolder()
    const precious = join(folder.path, 'precious')
    mkdirSync(precious)
    writeFileSync(join(precious, 'data'), 'x')
    const ours = join(folder.path, 'ours')
    bind(precious, join(ours, 'm'))
    const file = join(folder.path, 'file')
    writeFileSync(file, '')
    const stuck = { ...host, syscalls: { ...host.syscalls, umount: () => undefined } }
    const results = await undo(stuck, [
      { kind: 'file', path: file },
      { kind: 'directory', path: ours },
    ])
    expect(results.map(({ error }) => error)).toEqual([expect.stringContaining('is still mounted'), null])
    expect(existsSync(join(precious, 'data'))).toBe(true)
    expect(existsSync(file)).toBe(false)
    await undoOne({ kind: 'directory', path: ours })
  })
})

describe.skipIf(!isRoot)('loop devices', () => {
  /** As a killed run leaves them where something else still holds them: without an end of their own. */
  function attach(file: string): void {
    expect(spawnSync('losetup', ['--find', file]).status).toBe(0)
  }

  test('of files at or below a path are detached, of others not', async () => {
    using folder = diskFolder()
    const files = ['run/0.img', 'run/1.img', 'run-other/0.img'].map((name) => {
      mkdirSync(join(folder.path, name, '..'), { recursive: true })
      return allocateFile(host, folder.path, name, MIB)
    })
    files.forEach(attach)
    expect(await undoOne({ kind: 'loop', path: join(folder.path, 'run') })).toMatchObject({ error: null })
    expect(loopFiles(folder.path)).toEqual([files[2]])
    expect((await undoOne({ kind: 'loop', path: files[2] ?? '' })).done).toContain('detached')
    expect(loopFiles(folder.path)).toEqual([])
    expect(await undoOne({ kind: 'loop', path: folder.path })).toMatchObject({ done: null, error: null })
  })

  test('that something still has open are not called detached', async () => {
    using folder = diskFolder()
    const file = allocateFile(host, folder.path, 'busy.img', MIB)
    attach(file)
    const [loop] = attachedLoops().filter((one) => one.file === file)
    const fd = openSync(`/dev/${loop?.name}`, 'r')
    const result = await undoOne({ kind: 'loop', path: file })
    expect(result).toMatchObject({ done: null, error: `/dev/${loop?.name} is still in use` })
    closeSync(fd)
    expect((await undoOne({ kind: 'loop', path: file })).error).toBeNull()
    expect(loopFiles(folder.path)).toEqual([])
  })

  test('of a file that was deleted already are found too', async () => {
    using folder = diskFolder()
    const file = allocateFile(host, folder.path, 'gone.img', MIB)
    attach(file)
    await undoOne({ kind: 'file', path: file })
    expect(loopFiles(folder.path)).toEqual([`${file} (deleted)`])
    await undoOne({ kind: 'loop', path: folder.path })
    expect(loopFiles(folder.path)).toEqual([])
  })
})

describe('processes', () => {
  async function sleeper(
    env: Record<string, string> = { [RUN_VARIABLE]: RUN },
  ): Promise<{ child: ChildProcess; entry: JournalEntry & { kind: 'process' } }> {
    const child = spawn('sleep', ['60'], { stdio: 'ignore', env: { ...process.env, ...env } })
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    return { child, entry: { kind: 'process', pid, startTime: startTimeOf(pid) ?? 0, name: 'sleep' } }
  }

  async function expectAlive(child: ChildProcess): Promise<void> {
    expect(child.signalCode).toBeNull()
    const exit = once(child, 'exit')
    // Had it been killed before, it would not say that it was by this signal.
    child.kill('SIGTERM')
    expect(await exit).toEqual([null, 'SIGTERM'])
  }

  test('are ended', async () => {
    const { child, entry } = await sleeper()
    const exit = once(child, 'exit')
    expect((await undoOne(entry)).done).toBe(`ended process ${entry.pid} (sleep)`)
    expect(await exit).toEqual([null, 'SIGKILL'])
    expect(await undoOne(entry)).toMatchObject({ done: null, error: null })
  })

  test('with the same pid and another start time are someone else: left alone', async () => {
    const { child, entry } = await sleeper()
    expect(await undoOne({ ...entry, startTime: entry.startTime + 1 })).toMatchObject({
      done: null,
      error: null,
    })
    await expectAlive(child)
  })

  test.each<[string, Record<string, string>]>([
    ['no run', {}],
    ['another run', { [RUN_VARIABLE]: '20260131-142501-aaaa' }],
  ])('of %s are left alone, and that is said', async (_, env) => {
    const { child, entry } = await sleeper(env)
    expect(await undoOne(entry)).toMatchObject({
      done: null,
      error: `process ${entry.pid} is none of run ${RUN}`,
    })
    await expectAlive(child)
  })
})

/** A host whose programs answer by a script, and with exit code 1 where it has no line for them. */
const answers = (script: Record<string, string[]>) => {
  const calls: string[] = []
  return {
    calls,
    host: {
      ...host,
      which: (program: string) => `/sbin/${program}`,
      run: async (program: string, args: readonly string[]) => {
        const line = [program, ...args].join(' ')
        calls.push(line)
        const stdout = script[line]?.shift()
        return { exitCode: stdout === undefined ? 1 : 0, stdout: stdout ?? '', stderr: '' }
      },
    },
  }
}

describe('a ZFS pool', () => {
  const entry: JournalEntry = { kind: 'zpool', name: 'bench-1' }
  const list = 'zpool list -H -o name bench-1'
  const destroy = 'zpool destroy -f bench-1'

  test('is destroyed where it is there', async () => {
    const { calls, host: there } = answers({ [list]: ['bench-1\n'], [destroy]: [''] })
    expect(await undoOne(entry, there)).toMatchObject({ done: 'destroyed the pool bench-1', error: null })
    expect(calls).toEqual([list, destroy, list])
  })

  test('that is there after it was destroyed is not done with', async () => {
    const { host: there } = answers({
      [list]: Array<string>(60).fill('bench-1\n'),
      [destroy]: Array<string>(30).fill(''),
    })
    expect(await undoOne(entry, there)).toMatchObject({
      done: null,
      error: 'the pool bench-1 is still there',
    })
  })

  test('that is gone, or that no program could have made, is fine', async () => {
    const gone = answers({})
    expect(await undoOne(entry, gone.host)).toMatchObject({ done: null, error: null })
    expect(gone.calls).toEqual([list])
    const without = answers({})
    expect(await undoOne(entry, { ...without.host, which: () => null })).toMatchObject({ done: null })
    expect(without.calls).toEqual([])
  })
})

describe('a kernel parameter', () => {
  test('is put back, step by step where it takes two', async () => {
    using folder = diskFolder()
    const path = join(folder.path, 'zfs_arc_max')
    writeFileSync(path, '536870912\n')
    const entries: JournalEntry[] = [
      { kind: 'parameter', path, value: '0', set: '4294967296' },
      { kind: 'parameter', path, value: '4294967296', set: '536870912' },
    ]
    expect((await undo(host, entries)).map(({ done }) => done)).toEqual([
      `set ${path} to 4294967296 again`,
      `set ${path} to 0 again`,
    ])
    expect(readFileSync(path, 'utf8')).toBe('0')
    expect((await undo(host, entries)).map(({ done, error }) => [done, error])).toEqual([
      [null, null],
      [null, null],
    ])
  })

  test('that someone has set since stays', async () => {
    using folder = diskFolder()
    const path = join(folder.path, 'zfs_arc_max')
    writeFileSync(path, '7\n')
    expect(await undoOne({ kind: 'parameter', path, value: '0', set: '5' })).toMatchObject({
      done: null,
      error: null,
    })
    expect(readFileSync(path, 'utf8')).toBe('7\n')
  })

  test('that went with its module is fine', async () => {
    const path = '/sys/module/gone/parameters/x'
    expect(await undoOne({ kind: 'parameter', path, value: '0', set: '1' })).toMatchObject({
      done: null,
      error: null,
    })
  })
})

describe.skipIf(!isRoot)('a device that was given over', () => {
  const LABEL = `bench-${RUN}`
  const SIZE = 64 * MIB

  /** A disk with a partition of each name. */
  function partitioned(folder: string, ...names: readonly string[]) {
    const file = allocateFile(host, folder, 'disk.img', SIZE)
    const table = names.map((name) => `size=8M, name="${name}"`).join('\n')
    const { status, stderr } = spawnSync('sfdisk', ['--quiet', '--label', 'gpt', file], {
      input: table,
      encoding: 'utf8',
    })
    expect(status, stderr).toBe(0)
    const loop = host.loops.attach(file)
    spawnSync('partx', ['--add', loop.device])
    return { file, device: loop.device, [Symbol.dispose]: () => loop.detach() }
  }

  test('loses its partition table when that carries the label', async () => {
    using folder = diskFolder()
    using disk = partitioned(folder.path, `${LABEL}-0`, `${LABEL}-1`)
    const entry: JournalEntry = { kind: 'partitions', device: disk.device, label: LABEL }
    expect(await undoOne(entry)).toMatchObject({
      done: `removed the partitions of ${disk.device}`,
      error: null,
    })
    expect(spawnSync('sfdisk', ['--dump', disk.device]).status).toBe(1)
    expect(await undoOne(entry)).toMatchObject({ done: null, error: null })
  })

  test.each([
    ['another’s', ['home']],
    ['another run’s', ['bench-20260131-142501-aaaa-0']],
    ['ours and another’s', [`${LABEL}-0`, 'home']],
  ])('keeps a table whose partitions are %s', async (_, names) => {
    using folder = diskFolder()
    using disk = partitioned(folder.path, ...names)
    const before = readFileSync(disk.file)
    expect(await undoOne({ kind: 'partitions', device: disk.device, label: LABEL })).toMatchObject({
      done: null,
      error: null,
    })
    expect(readFileSync(disk.file).equals(before)).toBe(true)
  })

  test('keeps its table while a partition is mounted', async () => {
    using folder = diskFolder()
    using disk = partitioned(folder.path, `${LABEL}-0`)
    const target = join(folder.path, 'mnt')
    mkdirSync(target)
    expect(spawnSync('mkfs.ext4', ['-q', `${disk.device}p1`]).status).toBe(0)
    host.syscalls.mount(`${disk.device}p1`, target, 'ext4', 0, '')
    const result = await undoOne({ kind: 'partitions', device: disk.device, label: LABEL })
    expect(result.done).toBeNull()
    expect(result.error).toContain('busy')
    expect(spawnSync('sfdisk', ['--dump', disk.device]).status).toBe(0)
    host.syscalls.umount(target)
    expect((await undoOne({ kind: 'partitions', device: disk.device, label: LABEL })).error).toBeNull()
  })

  test('that is no block device is not touched', async () => {
    using folder = diskFolder()
    const file = allocateFile(host, folder.path, 'disk.img', SIZE)
    expect((await undoOne({ kind: 'partitions', device: file, label: LABEL })).error).toContain(
      'no block device',
    )
  })
})
