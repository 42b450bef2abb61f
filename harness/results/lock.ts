/** A lock that cannot go stale: the kernel gives it back when its last holder has ended. flock(2). */
import { spawnSync } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { BenchError, ExitCode } from '../contracts/error.ts'

/** How flock(1) ends when another holds the lock. */
const TAKEN = 1

/**
 * Takes the lock of a file, which is made where it is missing. Returns the descriptor that holds it, or null while
 * another does.
 *
 * The lock belongs to the open file and not to the process (flock(2)): a process that is handed the descriptor holds it
 * too, and it is free when the last one is closed. Node closes it in what it starts, but for what `stdio` hands on.
 */
export function takeLock(path: string): number | null {
  const lock = openSync(path, 'a+', 0o600)
  // flock(1) locks the open file that it is handed as descriptor 3, and that is this one.
  const { status, error } = spawnSync('flock', ['--exclusive', '--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', lock],
  })
  if (status === 0) return lock
  closeSync(lock)
  if (status === TAKEN) return null
  throw new BenchError(`${path} cannot be locked`, {
    code: 'host.no-lock',
    hint: 'flock of util-linux is needed',
    exitCode: ExitCode.hostNotReady,
    cause: error,
  })
}
