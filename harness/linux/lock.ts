/** A lock that cannot go stale: the kernel gives it back when its last holder has ended. flock(2). */
import { closeSync, openSync } from 'node:fs'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { check, functions } from './libc.ts'

// asm-generic/fcntl.h
const LOCK_EX = 2
const LOCK_NB = 4

/**
 * Takes the lock of a file, which is made where it is missing. Returns the descriptor that holds it, or null while
 * another does. Throws `host.no-lock` where the file cannot be locked.
 *
 * The lock belongs to the open file and not to the process: a process that is handed the descriptor holds it too, and it is free
 * when the last one is closed. Node closes it in what it starts, but for what `stdio` hands on.
 */
export function takeLock(path: string): number | null {
  const lock = openSync(path, 'a+', 0o600)
  try {
    check(functions.flock(lock, LOCK_EX | LOCK_NB), 'flock', path)
    return lock
  } catch (error) {
    closeSync(lock)
    // EWOULDBLOCK is the same number.
    if (errnoOf(error) === 'EAGAIN') return null
    throw new BenchError(`${path} cannot be locked`, {
      code: 'host.no-lock',
      hint: 'take a folder on a file system that has locks: flock(2)',
      exitCode: ExitCode.hostNotReady,
      cause: error,
    })
  }
}
