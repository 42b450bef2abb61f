/** The one lock of a host: its holder measures. */
import { fstatSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BenchError } from '../../contracts/error.ts'

/** The descriptor under which the process of a job is handed the lock: the first after its standard streams. */
const HANDED_ON = 3

/** `directory`: the host's bench_directory. */
export function lockPath(directory: string): string {
  return join(directory, 'lock')
}

/** Throws unless this process was handed the lock: without it two runs could measure at once. */
export function requireLock(directory: string): void {
  const lock = statSync(lockPath(directory))
  try {
    const handed = fstatSync(HANDED_ON)
    if (handed.dev === lock.dev && handed.ino === lock.ino) return
  } catch {
    // There is no such descriptor.
  }
  throw new BenchError('the process of the job was not handed the lock of the host', { code: 'job.no-lock' })
}
