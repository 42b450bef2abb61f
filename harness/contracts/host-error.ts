/** Errors of system calls that are the host's and not a bug: what a person can mend is one line, with advice. */
import { BenchError, ExitCode } from './error.ts'

/** Advice by errno. Any other errno is a bug: errno(3). */
const ADVICE: Readonly<Record<string, string>> = {
  ENOSPC: 'free space or inodes there, or give another folder',
  EDQUOT: 'free space there, or raise the quota',
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

/** Errnos that are the host's whatever file it was; Node names no path where it writes to an open file. */
const WITHOUT_PATH = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'EMFILE', 'ENFILE'])

/** Returns the error that a person can mend, with what it was caused by; null for a bug. */
export function asHostError(error: unknown): BenchError | null {
  if (!isSystemError(error)) return null
  const advice = ADVICE[error.code]
  if (advice === undefined || !isOfFile(error)) return null
  return new BenchError(`the host is not ready: ${error.message}`, {
    code: 'host.file',
    hint: advice,
    exitCode: ExitCode.hostNotReady,
    cause: error,
  })
}

/** The working folder has no path when it is gone. */
function isOfFile({ code, path, syscall }: NodeJS.ErrnoException): boolean {
  return path !== undefined || syscall === 'uv_cwd' || WITHOUT_PATH.has(code ?? '')
}

/** Node's own errors of files, and ours of system calls, have these fields. */
function isSystemError(error: unknown): error is Error & { code: string; path?: string } {
  if (!(error instanceof Error) || error instanceof BenchError) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  return typeof code === 'string' && typeof syscall === 'string'
}
