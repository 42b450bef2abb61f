/** Commands that try things out by mounting do so in a mount namespace of their own. */
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { BenchError, ExitCode, exitCodeForSignal } from '../contracts/error.ts'
import { inMountNamespace, isRoot } from '../linux/privilege.ts'
import { programNotStarted } from '../linux/program-errors.ts'
import type { Context } from './context.ts'

const MARK = 'BENCH_PRIVATE_MOUNTS'

/** Throws where a command needs root: one line, with the command that would work. */
export function requireRoot(what: string): void {
  if (isRoot()) return
  const command = ['bench', ...process.argv.slice(2)].join(' ')
  throw new BenchError(`${what} needs root: it mounts file systems and attaches loop devices`, {
    code: 'host.not-root',
    hint: `run: sudo ${command}`,
    exitCode: ExitCode.hostNotReady,
  })
}

/**
 * Runs this command again under `unshare --mount` and returns its exit code; null when this process is that one
 * already. unshare(2) from inside would move the main thread only, not those of libuv. Throws where unshare(1) cannot be started.
 */
export function reexecInMountNamespace(context: Context): number | null {
  if (process.env[MARK] !== undefined) return null
  const command = [process.execPath, ...context.program, ...process.argv.slice(2)]
  const [program, ...args] = inMountNamespace(command)
  const { status, signal, error } = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '1' },
  })
  if (error !== undefined) throw programNotStarted(program, error)
  return signal === null ? (status ?? ExitCode.bug) : exitCodeForSignal(constants.signals[signal])
}
