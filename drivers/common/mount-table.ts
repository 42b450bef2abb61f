/** Which file systems, directories and files are mounted where, as the kernel lists them. */
import { readFileSync, realpathSync } from 'node:fs'
import { errnoOf } from '../../harness/contracts/syscalls.ts'

export interface MountRow {
  /** `major:minor` of the mounted file system. */
  device: string
  /** What of the file system is mounted: `/`, or the path of a directory or file (bind mounts, btrfs subvolumes). */
  root: string
  target: string
  /** The first argument of mount(2): a device's node, or any name. */
  source: string
}

/**
 * The mounts of this process' namespace: proc_pid_mountinfo(5). Without a system call that asks about one directory
 * this is the cheapest answer to "is it in use?": some 0.1 ms with 20 mounts, two thirds of it the kernel's.
 */
export function readMounts(): MountRow[] {
  return mountTable().split('\n').filter(Boolean).map(parseMount)
}

function mountTable(): string {
  return readFileSync('/proc/self/mountinfo', 'utf8')
}

/**
 * Whether anything is mounted from this source, the first argument of mount(2) or libfuse's `fsname`. It has to be a
 * name that can be no other field. Only looks for the text: half the cost of parsing the table, and `remove`, which is
 * timed, asks.
 */
export function isSourceMounted(source: string, table = mountTable()): boolean {
  const field = source.replace(
    /[ \t\n\\#]/g,
    (blank) => `\\${blank.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
  return table.includes(` ${field} `)
}

/** One line of mountinfo. */
export function parseMount(line: string): MountRow {
  const fields = line.split(' ')
  const [, , device = '', root = '', target = ''] = fields
  // Some optional fields come before the hyphen; after it the type and the source.
  const source = fields[fields.indexOf('-', 6) + 2] ?? ''
  return { device, root: unescape(root), target: unescape(target), source: unescape(source) }
}

/** Blank, tab, newline and backslash stand as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
}

/** Finds the mounts of directories of one file system: of bind mounts the kernel lists which directory they show. */
export interface BindCounter {
  /** `directory` is absolute and lies on the file system. */
  count(directory: string): number
  /** Where it is mounted, in the order of mounting. */
  targets(directory: string): string[]
}

/** For the file system that is mounted on `mountpoint`. */
export function createBindCounter(mountpoint: string): BindCounter {
  // Not stat(2)'s device: on btrfs that is the subvolume's, not the file system's.
  const target = realpathSync(mountpoint)
  /** Looked up each time: mounted again, a file system without a device of its own (ZFS) has another number. */
  function ownIn(mounts: readonly MountRow[]): MountRow {
    const own = mounts.findLast((mount) => mount.target === target)
    if (own === undefined) throw new Error(`${mountpoint} is not a mount point`)
    return own
  }
  function targets(directory: string): string[] {
    const mounts = readMounts()
    const own = ownIn(mounts)
    const root = (own.root === '/' ? '' : own.root) + directory.slice(mountpoint.length)
    return mounts
      .filter((mount) => mount.device === own.device && mount.root === root)
      .map((mount) => mount.target)
  }
  ownIn(readMounts())
  return { targets, count: (directory) => targets(directory).length }
}

/** The major number of loop devices: linux/major.h. */
const LOOP_MAJOR = '7:'

export interface LoopMount {
  /** What is attached to the loop device. */
  file: string
  target: string
  /** Whether the device passes the file's page cache by, as the kernel tells: asked for, it may be refused. */
  direct: boolean
}

/** Files that are mounted through a loop device, and where. Each is absolute, without symbolic links. */
export function readLoopMounts(): LoopMount[] {
  return readMounts().flatMap(({ device, target }) => {
    const file = device.startsWith(LOOP_MAJOR) ? loopAttribute(device, 'backing_file') : null
    return file === null ? [] : [{ file, target, direct: loopAttribute(device, 'dio') === '1' }]
  })
}

/** Null where the loop device has just been detached. */
function loopAttribute(device: string, name: string): string | null {
  try {
    return readFileSync(`/sys/dev/block/${device}/loop/${name}`, 'utf8').trimEnd()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}
