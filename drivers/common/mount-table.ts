/** Which file systems, directories and files are mounted where, as the kernel lists them. */
import { readFileSync, realpathSync } from 'node:fs'
import { errnoOf } from '../../harness/contracts/syscalls.ts'

export interface MountRow {
  /** `major:minor` of the mounted file system. */
  device: string
  /** What of the file system is mounted: `/`, or the path of a directory or file (bind mounts, btrfs subvolumes). */
  root: string
  target: string
  /** The first argument of mount(2): a device, or whatever name an overlay or a FUSE file system was given. */
  source: string
}

/**
 * The mounts of this process' namespace: proc_pid_mountinfo(5). Without a system call that asks about one directory
 * this is the cheapest answer to "is it in use?"; some 20 µs with 30 mounts.
 */
export function readMounts(): MountRow[] {
  const text = readFileSync('/proc/self/mountinfo', 'utf8')
  return text.split('\n').filter(Boolean).map(parseMount)
}

/** One line of mountinfo. */
export function parseMount(line: string): MountRow {
  // Optional fields, as many as there are, end with a hyphen. No other field can be one: blanks are escaped.
  const [mount = '', superblock = ''] = line.split(' - ', 2)
  const [, , device = '', root = '', target = ''] = mount.split(' ', 5)
  const [, source = ''] = superblock.split(' ', 2)
  return { device, root: unescape(root), target: unescape(target), source: unescape(source) }
}

/** Blank, tab, newline and backslash stand as three octal digits. */
function unescape(field: string): string {
  return field.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)))
}

/** Counts the mounts of directories of one file system: of bind mounts the kernel lists which directory they show. */
export interface BindCounter {
  /** `directory` is absolute and lies on the file system. */
  count(directory: string): number
}

/** For the file system that is mounted on `mountpoint`. */
export function createBindCounter(mountpoint: string): BindCounter {
  // Not stat(2)'s device: on btrfs that is the subvolume's, not the file system's.
  const target = realpathSync(mountpoint)
  const own = readMounts().findLast((mount) => mount.target === target)
  if (own === undefined) throw new Error(`${mountpoint} is not a mount point`)
  const prefix = own.root === '/' ? '' : own.root
  return {
    count(directory) {
      const root = prefix + directory.slice(mountpoint.length)
      return readMounts().filter((mount) => mount.device === own.device && mount.root === root).length
    },
  }
}

/** The major number of loop devices: linux/major.h. */
const LOOP_MAJOR = '7:'

/** Is `file`, an absolute path without symbolic links, mounted through a loop device? */
export function isMountedByLoop(file: string): boolean {
  return readMounts().some(({ device }) => device.startsWith(LOOP_MAJOR) && loopFile(device) === file)
}

/** What is attached to a loop device; null where it has just been detached. */
function loopFile(device: string): string | null {
  try {
    return readFileSync(`/sys/dev/block/${device}/loop/backing_file`, 'utf8').trimEnd()
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}
