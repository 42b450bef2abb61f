/**
 * The C functions that the harness calls through koffi, declared once. Loading koffi takes some 20 ms, so this
 * module is imported only where one of them is called.
 */
import koffi from 'koffi'
import { constants } from 'node:os'
import { getSystemErrorMap } from 'node:util'
import { SyscallError } from '../contracts/syscalls.ts'

const libc = koffi.load('libc.so.6')

export const functions = {
  mount: libc.func(
    'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
  ),
  umount2: libc.func('int umount2(const char *target, int flags)'),
  ioctl: libc.func('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)'),
  ioctlInt: libc.func('ioctl', 'int', ['int', 'ulong', 'long']),
  syncfs: libc.func('int syncfs(int fd)'),
  lseek: libc.func('int64_t lseek(int fd, int64_t offset, int whence)'),
  fallocate: libc.func('int fallocate(int fd, int mode, int64_t offset, int64_t length)'),
  /** Returns the error instead of setting errno. */
  posixFadvise: libc.func('int posix_fadvise(int fd, int64_t offset, int64_t length, int advice)'),
  mmap: libc.func(
    'void *mmap(void *address, size_t length, int protection, int flags, int fd, int64_t offset)',
  ),
  munmap: libc.func('int munmap(void *address, size_t length)'),
  mincore: libc.func('int mincore(void *address, size_t length, _Out_ uint8_t *vector)'),
  lsetxattr: libc.func(
    'int lsetxattr(const char *path, const char *name, const uint8_t *value, size_t size, int flags)',
  ),
  // ssize_t is not among koffi's types; it is 64 bits wide on every 64-bit Linux.
  lgetxattr: libc.func(
    'int64_t lgetxattr(const char *path, const char *name, _Out_ uint8_t *value, size_t size)',
  ),
  lremovexattr: libc.func('int lremovexattr(const char *path, const char *name)'),
  llistxattr: libc.func('int64_t llistxattr(const char *path, _Out_ uint8_t *list, size_t size)'),
  prctl: libc.func(
    'int prctl(int option, unsigned long argument, unsigned long, unsigned long, unsigned long)',
  ),
  flock: libc.func('int flock(int fd, int operation)'),
  socketpair: libc.func('int socketpair(int domain, int type, int protocol, _Out_ int *ends)'),
  mknod: libc.func('int mknod(const char *path, unsigned int mode, unsigned long device)'),
  getpid: libc.func('int getpid()'),
  waitpid: libc.func('int waitpid(int pid, int *status, int options)'),
  waitpidStatus: libc.func('waitpid', 'int', ['int', koffi.out(koffi.pointer('int')), 'int']),
  memfdCreate: libc.func('int memfd_create(const char *name, unsigned int flags)'),
  pipe2: libc.func('int pipe2(_Out_ int *ends, int flags)'),
  /** Returns the error instead of setting errno, as all of posix_spawn's family do. */
  posixSpawn: libc.func(
    'int posix_spawn(_Out_ int *pid, const char *path, void *actions, void *attributes, const char **arguments, const char **environment)',
  ),
  fileActionsInit: libc.func('int posix_spawn_file_actions_init(void *actions)'),
  fileActionsDestroy: libc.func('int posix_spawn_file_actions_destroy(void *actions)'),
  fileActionsAddDup2: libc.func('int posix_spawn_file_actions_adddup2(void *actions, int fd, int to)'),
  fileActionsAddOpen: libc.func(
    'int posix_spawn_file_actions_addopen(void *actions, int fd, const char *path, int flags, unsigned int mode)',
  ),
  fileActionsAddChdir: libc.func('int posix_spawn_file_actions_addchdir_np(void *actions, const char *path)'),
  spawnattrInit: libc.func('int posix_spawnattr_init(void *attributes)'),
  spawnattrDestroy: libc.func('int posix_spawnattr_destroy(void *attributes)'),
  spawnattrSetFlags: libc.func('int posix_spawnattr_setflags(void *attributes, short flags)'),
  spawnattrSetSigdefault: libc.func('int posix_spawnattr_setsigdefault(void *attributes, void *signals)'),
  spawnattrSetSigmask: libc.func('int posix_spawnattr_setsigmask(void *attributes, void *signals)'),
  getrusage: libc.func('int getrusage(int who, _Out_ uint8_t *usage)'),
  syscall3: libc.func('syscall', 'long', ['long', 'str', 'ulong', 'ulong']),
  fsconfig: libc.func('syscall', 'long', ['long', 'int', 'uint', 'str', 'str', 'int']),
  fsmount: libc.func('syscall', 'long', ['long', 'int', 'uint', 'uint']),
  moveMount: libc.func('syscall', 'long', ['long', 'int', 'str', 'int', 'str', 'uint']),
} as const

/** Returns true for the `(void *) -1` that mmap returns on failure. */
export function isMapFailed(pointer: unknown): boolean {
  return koffi.address(pointer) === 0xffffffffffffffffn
}

/** Stores one byte through a mapped pointer: the page fault happens here. */
export function storeByte(pointer: unknown, offset: number, value: number): void {
  koffi.encode(pointer, offset, 'uint8_t', value)
}

/** Throws a SyscallError from errno when the result says so. */
export function check(result: number | bigint, syscall: string, detail: string): number {
  const value = Number(result)
  if (value < 0) throw failure(syscall, koffi.errno(), detail)
  return value
}

/** Returns the errno of the last call that failed. */
export function lastErrno(): number {
  return koffi.errno()
}

/** Returns the error of a system call that failed with this errno. */
export function failure(syscall: string, errno: number, detail: string): SyscallError {
  return new SyscallError(syscall, errno, errnoName(errno), detail)
}

/** Errors of asm-generic/errno-base.h that the kernel returns here and that neither libuv nor Node names. */
const FURTHER_NAMES: Readonly<Record<number, string>> = { 15: 'ENOTBLK' }

/** Returns the name that libuv uses (`ENOTSUP` for EOPNOTSUPP), as in errors of Node's own calls. */
export function errnoName(errno: number): string {
  const known = getSystemErrorMap().get(-errno)?.[0] ?? FURTHER_NAMES[errno]
  const further = Object.entries(constants.errno).find(([, number]) => number === errno)
  return known ?? further?.[0] ?? `errno ${errno}`
}
