/**
 * Errors of system calls that are the host's and not a bug: what a person can mend is one line, with advice. A full or failing
 * disk is the host's fault at every file. A file that is missing, in the way or not allowed is so only at a path that a person
 * chose ({@link onUserPath}); anywhere else the harness has asked for a wrong path, which is a bug.
 */
import { BenchError, ExitCode } from './error.ts'

/** Advice by errno. Any other errno is a bug: errno(3). */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'free space or inodes there, or give another folder',
  EDQUOT: 'free space there, or raise the quota',
  EFBIG: 'raise the limit of the size of a file: ulimit -f',
  EROFS: 'it is read-only: make it writable, or give another folder',
  EIO: 'the disk fails: see dmesg, or give another folder',
  EMFILE: 'raise the limit of open files: ulimit -n',
  ENFILE: 'raise the limit of open files of the machine: sysctl fs.file-max',
  EACCES: 'give this user access, or run it as root',
  EPERM: 'give this user access, or run it as root',
  ENOENT: 'it is gone: start again in a folder that is there',
  ENOTDIR: 'a file lies where a folder belongs: move it away, or give another folder',
  EISDIR: 'a folder lies where a file belongs: move it away',
  EEXIST: 'something lies where a folder belongs: move it away, or give another folder',
  ELOOP: 'its symbolic links lead in a circle: remove one',
  ENAMETOOLONG: 'give a shorter path',
  ESTALE: 'the file server has lost it: mount it again',
}

/** Errnos that only a host gives, whatever file it was. */
const AT_EVERY_FILE: ReadonlySet<string> = new Set([
  'ENOSPC',
  'EDQUOT',
  'EFBIG',
  'EROFS',
  'EIO',
  'EMFILE',
  'ENFILE',
  'ESTALE',
])

/** The errors that {@link onUserPath} has seen. */
const ofUserPaths = new WeakSet<Error>()

/**
 * Runs `work` on a path that a person chose or can look at: the output, the scratch, the folders for state, settings and
 * cache, /run/bench. Returns what it returns, and throws what it throws. A system error among that is the host's, not a bug.
 */
export function onUserPath<T>(work: () => T): T {
  try {
    const result = work()
    if (result instanceof Promise) result.catch(keep)
    return result
  } catch (error) {
    keep(error)
    throw error
  }
}

function keep(error: unknown): void {
  if (error instanceof Error) ofUserPaths.add(error)
}

/** Returns the error that a person can mend, with what it was caused by; null for a bug. */
export function asHostError(error: unknown): BenchError | null {
  if (!isSystemError(error)) return null
  const advice = ADVICE[error.code]
  if (advice === undefined || !isOfHost(error)) return null
  return new BenchError(`the host is not ready: ${error.message}`, {
    code: 'host.file',
    hint: advice,
    exitCode: ExitCode.hostNotReady,
    cause: error,
  })
}

/** The working folder is one that a person chose; it has no path when it is gone. */
function isOfHost(error: SystemError): boolean {
  return AT_EVERY_FILE.has(error.code) || ofUserPaths.has(error) || error.syscall === 'uv_cwd'
}

type SystemError = Error & { code: string; syscall: string }

/** Node's own errors of files, and ours of system calls, have these fields. */
function isSystemError(error: unknown): error is SystemError {
  if (!(error instanceof Error) || error instanceof BenchError) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  return typeof code === 'string' && typeof syscall === 'string'
}
