/**
 * Undoes journal entries, newest first, in the host's own namespaces. Idempotent: what is gone already is fine.
 *
 * A killed run is still going away while this runs: the kernel unmounts and detaches the devices of a namespace after its
 * last process has closed its files, and whatever that process started ends later still. So what does not go is tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../contracts/error.ts'
import type { Host, JournalEntry } from '../contracts/host.ts'
import { UmountFlag } from '../contracts/syscalls.ts'
import { mountPointsBelow } from '../linux/mountinfo.ts'
import { isPresent } from '../linux/process.ts'
import { attachedLoops, blockFolder, loopFile, mappedDevices } from '../linux/sysfs.ts'

export interface UndoResult {
  entry: JournalEntry
  /** Action taken (`removed 3 mounts`), or null when nothing was left. */
  done: string | null
  /** Why it could not be undone, or null. */
  error: string | null
}

const TRIES = 25
const MILLISECONDS_BETWEEN = 100

type HostForUndo = Pick<Host, 'syscalls' | 'run' | 'which'>

export async function undo(host: HostForUndo, entries: readonly JournalEntry[]): Promise<UndoResult[]> {
  const results: UndoResult[] = []
  for (const entry of entries.toReversed()) {
    try {
      results.push({ entry, done: await undoPatiently(host, entry), error: null })
    } catch (error) {
      results.push({ entry, done: null, error: messageOf(error) })
    }
  }
  return results
}

async function undoPatiently(host: HostForUndo, entry: JournalEntry): Promise<string | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await undoOne(host, entry)
    } catch (error) {
      if (tries === TRIES) throw error
      await sleep(MILLISECONDS_BETWEEN)
    }
  }
}

async function undoOne(host: HostForUndo, entry: JournalEntry): Promise<string | null> {
  switch (entry.kind) {
    case 'process':
      return endProcess(entry.pid, entry.startTime, entry.name)
    case 'mount':
      return unmountBelow(host, entry.path)
    case 'device-mapper':
      return removeDeviceMapper(host, entry.prefix)
    case 'zpool':
      return destroyPool(host, entry.name)
    case 'parameter':
      return putBackParameter(entry.path, entry.value)
    case 'loop':
      return detachLoops(host, entry.path)
    case 'partitions':
      return wipePartitions(host, entry.device, entry.label)
    case 'cgroup':
      return removeCgroups(entry.name)
    case 'directory':
    case 'file':
      return removePath(host, entry.path)
  }
}

async function endProcess(pid: number, startTime: number, name: string): Promise<string | null> {
  if (!isPresent({ pid, startTime })) return null
  process.kill(pid, 'SIGKILL')
  for (let wait = 0; wait < 100 && isPresent({ pid, startTime }); wait += 1) {
    await sleep(20)
  }
  return `ended process ${pid} (${name})`
}

function unmountBelow(host: HostForUndo, path: string): string | null {
  const points = mountPointsBelow(path)
  for (const point of points) host.syscalls.umount(point, UmountFlag.detach)
  return points.length === 0 ? null : `unmounted ${points.length} below ${path}`
}

/** Never deletes through a mount: what is mounted below goes first, or the deletion does not happen. */
function removePath(host: HostForUndo, path: string): string | null {
  unmountBelow(host, path)
  const left = mountPointsBelow(path)
  if (left.length > 0) throw new Error(`${left[0]} is still mounted`)
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return null
  rmSync(path, { recursive: true, force: true })
  return `removed ${path}`
}

async function detachLoops(host: HostForUndo, path: string): Promise<string | null> {
  const detached: string[] = []
  for (const { name, file } of attachedLoops()) {
    // A file that was unlinked has a suffix.
    const own = file.replace(/ \(deleted\)$/, '')
    if (!(own === path || own.startsWith(`${path}/`))) continue
    const { exitCode, stderr } = await host.run('losetup', ['--detach', `/dev/${name}`], { accept: [0, 1] })
    // The kernel may have been faster; and it detaches one that is still mounted somewhere when that ends.
    if (exitCode !== 0 && loopFile(blockFolder(name)) === file) throw new Error(stderr.trim())
    detached.push(name)
  }
  return detached.length === 0 ? null : `detached ${detached.join(', ')}`
}

/** Snapshots hold their pool, and the pool its data devices, so passes go on while one of them succeeds. */
async function removeDeviceMapper(host: HostForUndo, prefix: string): Promise<string | null> {
  const removed: string[] = []
  for (;;) {
    // A snapshot is younger than its pool.
    const names = mappedDevices().filter((name) => name.startsWith(prefix))
    if (names.length === 0) return removed.length === 0 ? null : `removed ${removed.join(', ')}`
    let progress = false
    for (const name of names) {
      const { exitCode } = await host.run('dmsetup', ['remove', '--retry', name], { accept: [0, 1] })
      if (exitCode !== 0) continue
      removed.push(name)
      progress = true
      // The drivers make their nodes themselves, and dmsetup leaves alone what it did not make.
      rmSync(`/dev/mapper/${name}`, { force: true })
    }
    if (!progress) throw new Error(`device-mapper devices ${names.join(', ')} are busy`)
  }
}

/** A pool outlives every process. The kernel lets go of its devices with it. */
async function destroyPool(host: HostForUndo, name: string): Promise<string | null> {
  if (host.which('zpool') === null) return null
  const { exitCode } = await host.run('zpool', ['list', '-H', '-o', 'name', name], { accept: [0, 1] })
  if (exitCode !== 0) return null
  await host.run('zpool', ['destroy', '-f', name])
  return `destroyed the pool ${name}`
}

/** A parameter that is gone went with its module. */
function putBackParameter(path: string, value: string): string | null {
  if (!existsSync(path) || readFileSync(path, 'utf8').trim() === value) return null
  writeFileSync(path, value)
  return `set ${path} to ${value} again`
}

/** Only a partition table of ours goes: its first partition carries the run's label. */
async function wipePartitions(host: HostForUndo, device: string, label: string): Promise<string | null> {
  const { stdout, exitCode } = await host.run('sfdisk', ['--dump', device], { accept: [0, 1] })
  if (exitCode !== 0 || !stdout.includes(label)) return null
  await host.run('wipefs', ['--all', '--force', device])
  await host.run('partx', ['--delete', device], { accept: [0, 1] })
  return `removed the partitions of ${device}`
}

function removeCgroups(name: string): string | null {
  let count = 0
  const roots = readdirSync('/sys/fs/cgroup', { withFileTypes: true }).filter((entry) => entry.isDirectory())
  for (const root of ['.', ...roots.map((entry) => entry.name)])
    count += removeCgroupTree(join('/sys/fs/cgroup', root, name))
  return count === 0 ? null : `removed ${count} cgroups`
}

/** Cgroup directories go by rmdir, children first; the files in them are the kernel's. */
function removeCgroupTree(path: string): number {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return 0
  let count = 0
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) count += removeCgroupTree(join(path, entry.name))
  }
  rmdirSync(path)
  return count + 1
}
