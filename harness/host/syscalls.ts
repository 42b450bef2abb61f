import { closeSync, fdatasyncSync } from 'node:fs'
import type { Extent, FsConfigOption, ResourceUsage, Syscalls, Range } from '../contracts/syscalls.ts'
import { readExtents } from '../linux/fiemap.ts'
import { check, failure, functions, isMapFailed, lastErrno, storeByte } from '../linux/libc.ts'

const PAGE = 4096
const ENXIO = 6
const ENODATA = 61
const PROT_READ = 1
const PROT_WRITE = 2
const MAP_SHARED = 1

// linux/mount.h; system call numbers of fsopen … are the same on every architecture.
const SYS_MOVE_MOUNT = 429
const SYS_FSOPEN = 430
const SYS_FSCONFIG = 431
const SYS_FSMOUNT = 432
const FSOPEN_CLOEXEC = 1
const FSCONFIG_SET_FLAG = 0
const FSCONFIG_SET_STRING = 1
const FSCONFIG_CMD_CREATE = 6
const FSMOUNT_CLOEXEC = 1
const MOUNT_ATTR_RDONLY = 1
const MOVE_MOUNT_F_EMPTY_PATH = 4
const AT_FDCWD = -100

// linux/fs.h
const SEEK_DATA = 3
const SEEK_HOLE = 4

const WNOHANG = 1

// linux/resource.h. struct rusage { struct timeval utime, stime; long …[12]; long nvcsw, nivcsw; }
const RUSAGE = { self: 0, children: -1 } as const
const RUSAGE_SIZE = 144
const RUSAGE_SYSTEM = 16
const RUSAGE_SWITCHES = 128
const MICROSECONDS = 1e6

/** The real kernel's calls. */
export function createSyscalls(): Syscalls {
  return {
    mount(source, target, type, flags, data) {
      check(functions.mount(source, target, type, flags, data), 'mount', `${type} ${source} on ${target}`)
    },
    umount(target, flags = 0) {
      check(functions.umount2(target, flags), 'umount2', target)
    },
    mountByFsconfig,
    ioctl(fd, request, argument) {
      return check(functions.ioctl(fd, request, argument), 'ioctl', `0x${request.toString(16)}`)
    },
    ioctlInt(fd, request, argument) {
      return check(functions.ioctlInt(fd, request, argument), 'ioctl', `0x${request.toString(16)}`)
    },
    syncfs(fd) {
      check(functions.syncfs(fd), 'syncfs', '')
    },
    syncfsAside: (fd) => new Promise((ended) => functions.syncfs.async(fd, () => ended())),
    fallocate(fd, mode, offset, length) {
      check(functions.fallocate(fd, mode, offset, length), 'fallocate', `${length} bytes`)
    },
    fadvise(fd, offset, length, advice) {
      const errno = Number(functions.posixFadvise(fd, offset, length, advice))
      if (errno !== 0) throw failure('posix_fadvise', errno, '')
    },
    fiemap,
    dataRanges,
    residentPages,
    mmapStore,
    lsetxattr(path, name, value) {
      check(functions.lsetxattr(path, name, value, value.length, 0), 'lsetxattr', `${name} of ${path}`)
    },
    lgetxattr,
    llistxattr,
    lremovexattr(path, name) {
      check(functions.lremovexattr(path, name), 'lremovexattr', `${name} of ${path}`)
    },
    prctl(option, argument) {
      check(functions.prctl(option, argument, 0, 0, 0), 'prctl', String(option))
    },
    mknod(path, mode, device) {
      check(functions.mknod(path, mode, device), 'mknod', path)
    },
    getpid: () => check(functions.getpid(), 'getpid', ''),
    reap(pid) {
      const status: [number] = [0]
      if ((functions.waitpidStatus(pid, status, WNOHANG) as number) !== pid) return null
      // wait(2): the low seven bits are the signal, the second byte is the code.
      const signal = status[0] & 0x7f
      return signal === 0 ? (status[0] >> 8) & 0xff : 128 + signal
    },
    resourceUsage,
  }
}

const usage = Buffer.alloc(RUSAGE_SIZE)

/** Asked beside every phase, so without a buffer and big integers of its own: no count of these exceeds 53 bits. */
function resourceUsage(of: keyof typeof RUSAGE): ResourceUsage {
  check(functions.getrusage(RUSAGE[of], usage), 'getrusage', of)
  const long = (offset: number) => usage.readUInt32LE(offset) + usage.readUInt32LE(offset + 4) * 2 ** 32
  const seconds = (offset: number) => long(offset) + long(offset + 8) / MICROSECONDS
  return {
    userSeconds: seconds(0),
    systemSeconds: seconds(RUSAGE_SYSTEM),
    voluntarySwitches: long(RUSAGE_SWITCHES),
    involuntarySwitches: long(RUSAGE_SWITCHES + 8),
  }
}

function mountByFsconfig(
  type: string,
  options: readonly FsConfigOption[],
  target: string,
  readOnly = false,
): void {
  const context = check(functions.syscall3(SYS_FSOPEN, type, FSOPEN_CLOEXEC, 0), 'fsopen', type)
  try {
    for (const [key, value] of options) {
      const command = value === null ? FSCONFIG_SET_FLAG : FSCONFIG_SET_STRING
      check(
        functions.fsconfig(SYS_FSCONFIG, context, command, key, value, 0),
        'fsconfig',
        `${key}=${value ?? ''}`,
      )
    }
    check(
      functions.fsconfig(SYS_FSCONFIG, context, FSCONFIG_CMD_CREATE, null, null, 0),
      'fsconfig',
      `create ${type}`,
    )
    const attributes = readOnly ? MOUNT_ATTR_RDONLY : 0
    const mounted = check(
      functions.fsmount(SYS_FSMOUNT, context, FSMOUNT_CLOEXEC, attributes),
      'fsmount',
      type,
    )
    try {
      check(
        functions.moveMount(SYS_MOVE_MOUNT, mounted, '', AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH),
        'move_mount',
        target,
      )
    } finally {
      closeSync(mounted)
    }
  } finally {
    closeSync(context)
  }
}

function fiemap(fd: number): Extent[] {
  fdatasyncSync(fd)
  return readExtents((request, argument) => {
    check(functions.ioctl(fd, request, argument), 'ioctl', 'FS_IOC_FIEMAP')
  })
}

/** ENXIO of SEEK_DATA: no data from there on. */
function dataRanges(fd: number, size: number): Range[] {
  const ranges: Range[] = []
  for (let end = 0; end < size;) {
    const start = Number(functions.lseek(fd, end, SEEK_DATA))
    if (start < 0) {
      if (lastErrno() === ENXIO) return ranges
      check(start, 'lseek', `SEEK_DATA from ${end}`)
    }
    if (start >= size) return ranges
    end = Math.min(size, check(functions.lseek(fd, start, SEEK_HOLE), 'lseek', `SEEK_HOLE from ${start}`))
    ranges.push({ start, end })
  }
  return ranges
}

function residentPages(fd: number, length: number): { resident: number; total: number } {
  const total = Math.ceil(length / PAGE)
  if (total === 0) return { resident: 0, total: 0 }
  const address: unknown = functions.mmap(null, length, PROT_READ, MAP_SHARED, fd, 0)
  if (isMapFailed(address)) check(-1, 'mmap', `${length} bytes`)
  try {
    const vector = Buffer.alloc(total)
    check(functions.mincore(address, length, vector), 'mincore', `${length} bytes`)
    let resident = 0
    for (const page of vector) resident += page & 1
    return { resident, total }
  } finally {
    functions.munmap(address, length)
  }
}

function mmapStore(fd: number, offset: number, value: number): void {
  const start = offset - (offset % PAGE)
  const address: unknown = functions.mmap(null, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, start)
  if (isMapFailed(address)) check(-1, 'mmap', `page at ${start}`)
  storeByte(address, offset - start, value)
  functions.munmap(address, PAGE)
}

function lgetxattr(path: string, name: string): Buffer | null {
  const value = Buffer.alloc(65536)
  const size = Number(functions.lgetxattr(path, name, value, value.length))
  if (size >= 0) return value.subarray(0, size)
  try {
    check(size, 'lgetxattr', `${name} of ${path}`)
  } catch (error) {
    if ((error as { errno?: number }).errno === ENODATA) return null
    throw error
  }
  return null
}

/** Asks for the size first: most files have none, and a buffer for the longest list costs more than the call. */
function llistxattr(path: string): string[] {
  const needed = check(functions.llistxattr(path, null, 0), 'llistxattr', path)
  if (needed === 0) return []
  const list = Buffer.alloc(needed)
  const size = check(functions.llistxattr(path, list, needed), 'llistxattr', path)
  return list.toString('utf8', 0, size).split('\0').filter(Boolean)
}
