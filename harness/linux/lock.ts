/** Locks that cannot go stale: the kernel gives one back when its last holder has ended. flock(2). */
import { closeSync, openSync } from 'node:fs'
import { BenchError, ExitCode } from '../contracts/error.ts'
import { onUserPath } from '../contracts/host-error.ts'
import { errnoOf } from '../contracts/syscalls.ts'
import { check, functions } from './libc.ts'

// asm-generic/fcntl.h
const LOCK_SH = 1
const LOCK_EX = 2
const LOCK_NB = 4

/**
 * Locks an open file; returns false while another open file has a lock that excludes this one. Throws `host.no-lock` where the
 * file, which is at `path`, cannot be locked.
 *
 * The lock belongs to the open file and not to the process: a process that is handed the descriptor holds it too, whatever
 * namespaces it is in, and it is free when the last one is closed. Node closes it in what it starts, but for what `stdio` hands
 * on.
 */
export function tryLock(fd: number, mode: 'exclusive' | 'shared', path: string): boolean {
  try {
    check(functions.flock(fd, (mode === 'shared' ? LOCK_SH : LOCK_EX) | LOCK_NB), 'flock', path)
    return true
  } catch (error) {
    // EWOULDBLOCK is the same number.
    if (errnoOf(error) === 'EAGAIN') return false
    throw new BenchError(`${path} cannot be locked`, {
      code: 'host.no-lock',
      hint: 'take a folder on a file system that has locks: flock(2)',
      exitCode: ExitCode.hostNotReady,
      cause: error,
    })
  }
}

/**
 * Takes the lock of a file, which is made where it is missing. Returns the descriptor that holds it, or null while another
 * does. Throws as {@link tryLock} does.
 */
export function takeLock(path: string): number | null {
  const lock = onUserPath(() => openSync(path, 'a+', 0o600))
  let taken = false
  try {
    taken = tryLock(lock, 'exclusive', path)
    return taken ? lock : null
  } finally {
    if (!taken) closeSync(lock)
  }
}
