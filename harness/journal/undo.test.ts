import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { JournalEntry } from '../contracts/host.ts'
import { MountFlag } from '../contracts/syscalls.ts'
import { mountPointsBelow } from '../linux/mountinfo.ts'
import { startTimeOf } from '../linux/process.ts'
import { allocateFile, diskFolder, isRoot, loopFiles, MIB, testHost } from '../testing/scratch-file.ts'
import { undo } from './undo.ts'

const host = testHost()

async function undoOne(entry: JournalEntry) {
  const [result] = await undo(host, [entry])
  return result
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
    expect((await undoOne({ kind: 'mount', path: at }))?.done).toBe(`unmounted 3 below ${at}`)
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
    expect((await undoOne({ kind: 'loop', path: files[2] ?? '' }))?.done).toContain('detached')
    expect(loopFiles(folder.path)).toEqual([])
    expect(await undoOne({ kind: 'loop', path: folder.path })).toMatchObject({ done: null, error: null })
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
  async function sleeper(): Promise<{ child: ChildProcess; entry: JournalEntry & { kind: 'process' } }> {
    const child = spawn('sleep', ['60'], { stdio: 'ignore' })
    await once(child, 'spawn')
    const pid = child.pid ?? 0
    return { child, entry: { kind: 'process', pid, startTime: startTimeOf(pid) ?? 0, name: 'sleep' } }
  }

  test('are ended', async () => {
    const { child, entry } = await sleeper()
    const exit = once(child, 'exit')
    expect((await undoOne(entry))?.done).toBe(`ended process ${entry.pid} (sleep)`)
    expect(await exit).toEqual([null, 'SIGKILL'])
    expect(await undoOne(entry)).toMatchObject({ done: null, error: null })
  })

  test('with the same pid and another start time are someone else: left alone', async () => {
    const { child, entry } = await sleeper()
    expect(await undoOne({ ...entry, startTime: entry.startTime + 1 })).toMatchObject({
      done: null,
      error: null,
    })
    await new Promise((next) => setTimeout(next, 50))
    expect(child.signalCode).toBeNull()
    const exit = once(child, 'exit')
    child.kill('SIGKILL')
    await exit
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

  test('is destroyed where it is there', async () => {
    const { calls, host: there } = answers({ [list]: ['bench-1\n'], 'zpool destroy -f bench-1': [''] })
    expect(await undo(there, [entry])).toMatchObject([{ done: 'destroyed the pool bench-1', error: null }])
    expect(calls).toEqual([list, 'zpool destroy -f bench-1'])
  })

  test('that is gone, or that no program could have made, is fine', async () => {
    const gone = answers({})
    expect(await undo(gone.host, [entry])).toMatchObject([{ done: null, error: null }])
    expect(gone.calls).toEqual([list])
    const without = answers({})
    expect(await undo({ ...without.host, which: () => null }, [entry])).toMatchObject([{ done: null }])
    expect(without.calls).toEqual([])
  })
})

describe('a kernel parameter', () => {
  test('is put back, step by step where it takes two', async () => {
    using folder = diskFolder()
    const path = join(folder.path, 'zfs_arc_max')
    writeFileSync(path, '536870912\n')
    const entries: JournalEntry[] = ['0', '4294967296'].map((value) => ({ kind: 'parameter', path, value }))
    expect((await undo(host, entries)).map(({ done }) => done)).toEqual([
      `set ${path} to 4294967296 again`,
      `set ${path} to 0 again`,
    ])
    expect(readFileSync(path, 'utf8')).toBe('0')
    expect(await undoOne({ kind: 'parameter', path, value: '0' })).toMatchObject({ done: null, error: null })
  })

  test('that went with its module is fine', async () => {
    const entry: JournalEntry = { kind: 'parameter', path: '/sys/module/gone/parameters/x', value: '0' }
    expect(await undoOne(entry)).toMatchObject({ done: null, error: null })
  })
})

describe('a device that was given over', () => {
  test('loses its partition table only when that carries our label', async () => {
    const entry: JournalEntry = { kind: 'partitions', device: '/dev/x', label: 'bench-1' }
    const foreign = answers({ 'sfdisk --dump /dev/x': ['/dev/x1 : name="home"\n'] })
    expect(await undo(foreign.host, [entry])).toMatchObject([{ done: null, error: null }])
    expect(foreign.calls).toEqual(['sfdisk --dump /dev/x'])
    const ours = answers({
      'sfdisk --dump /dev/x': ['/dev/x1 : name="bench-1-0"\n'],
      'wipefs --all --force /dev/x': [''],
    })
    expect(await undo(ours.host, [entry])).toMatchObject([{ done: 'removed the partitions of /dev/x' }])
    expect(ours.calls.slice(1)).toEqual(['wipefs --all --force /dev/x', 'partx --delete /dev/x'])
  })
})
