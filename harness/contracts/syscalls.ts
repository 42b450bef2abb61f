/**
 * The system calls that Node does not offer, as the drivers and the runner see them.
 *
 * All are synchronous: inside a timed phase a hop through libuv's thread pool would cost more than the call.
 * A failed call throws a {@link SyscallError}.
 */
export class SyscallError extends Error {
  override readonly name = 'SyscallError'
  /** The name of errno: `EBUSY`. */
  readonly code: string
  readonly errno: number
  readonly syscall: string

  constructor(syscall: string, errno: number, code: string, detail: string) {
    super(`${syscall} ${detail}: ${code}`)
    this.syscall = syscall
    this.errno = errno
    this.code = code
  }
}

/** Returns the errno name of a failed system call of ours or of Node's (`EBUSY`), or null. */
export function errnoOf(error: unknown): string | null {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return null
}

/** One option of fsconfig(2): `['lowerdir+', '/a']`, or `['ro', null]` for a flag. */
export type FsConfigOption = readonly [key: string, value: string | null]

/** mount(2)'s flags that the harness uses; values from `linux/mount.h`. */
export const MountFlag = {
  readOnly: 1,
  noSuid: 2,
  noDev: 4,
  remount: 32,
  noAtime: 1024,
  bind: 4096,
  recursive: 16384,
  private: 1 << 18,
  shared: 1 << 20,
} as const

/** umount2(2)'s flags. */
export const UmountFlag = { force: 1, detach: 2 } as const

/** An extent of a file: its offset in the file, its place on the device, its length. Bytes. */
export interface Extent {
  logical: number
  physical: number
  length: number
  /** `ExtentFlag` of harness/linux/fiemap.ts. */
  flags: number
}

/** CPU time of processes, and their context switches: getrusage(2). */
export interface ResourceUsage {
  userSeconds: number
  systemSeconds: number
  voluntarySwitches: number
  involuntarySwitches: number
}

/** Bytes of a file or a device from `start` up to `end`, which is excluded. */
export interface Range {
  start: number
  end: number
}

export interface Syscalls {
  /** mount(2). */
  mount(source: string, target: string, type: string, flags: number, data: string): void
  /** umount2(2). */
  umount(target: string, flags?: number): void
  /**
   * fsopen, fsconfig for each option, fsmount, move_mount (Linux 5.2 and later). Has no limit of one page for
   * all options, which mount(2) has.
   */
  mountByFsconfig(type: string, options: readonly FsConfigOption[], target: string, readOnly?: boolean): void
  /** ioctl(2) with a pointer argument; the kernel's answer is written into `argument`. Returns its return value. */
  ioctl(fd: number, request: number, argument: Uint8Array): number
  /** ioctl(2) with an integer argument. */
  ioctlInt(fd: number, request: number, argument: number): number
  /** syncfs(2): writes back the file system that `fd` lies on. */
  syncfs(fd: number): void
  /**
   * syncfs(2) in another thread, so that this one can go on. Resolves when it has ended. Never rejects: what could not be
   * written, the next `syncfs` or the unmount tells.
   */
  syncfsAside(fd: number): Promise<void>
  /** fallocate(2). */
  fallocate(fd: number, mode: number, offset: number, length: number): void
  /** posix_fadvise(2). */
  fadvise(fd: number, offset: number, length: number, advice: number): void
  /** FS_IOC_FIEMAP, after syncing the file, so that delayed allocations count. */
  fiemap(fd: number): Extent[]
  /**
   * The parts of a file that hold data, in order: lseek(2) by SEEK_DATA and SEEK_HOLE, which every file system answers,
   * at worst as if the file had no hole.
   */
  dataRanges(fd: number, size: number): Range[]
  /** How many of the file's pages are in the page cache, and how many pages it has: mincore(2). */
  residentPages(fd: number, length: number): { resident: number; total: number }
  /** Maps one page of the file shared and writable, changes the byte, and unmaps it. The store is the page fault. */
  mmapStore(fd: number, offset: number, value: number): void
  lsetxattr(path: string, name: string, value: Uint8Array): void
  /** Returns null where the attribute does not exist. */
  lgetxattr(path: string, name: string): Buffer | null
  llistxattr(path: string): string[]
  lremovexattr(path: string, name: string): void
  /** prctl(2) with one argument. */
  prctl(option: number, argument: number): void
  /** mknod(2). */
  mknod(path: string, mode: number, device: number): void
  /** getpid(2): the kernel does next to nothing, so what it takes is the way there and back. */
  getpid(): number
  /** waitpid(2) without blocking: the child's exit code, or 128 and the number of the signal that ended it; null: it runs, or is no child. */
  reap(pid: number): number | null
  /** getrusage(2) of this process with all of its threads, or of its children that ended and were waited for. */
  resourceUsage(of: 'self' | 'children'): ResourceUsage
}
