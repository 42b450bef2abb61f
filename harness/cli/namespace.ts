/** Commands that try things out by mounting do so in a mount namespace of their own. */
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import { BenchError, ExitCode, exitCodeForSignal, messageOf } from '../contracts/error.ts'
import { inMountNamespace, isRoot } from '../linux/privilege.ts'
import type { Context } from './context.ts'

const MARK = 'BENCH_PRIVATE_MOUNTS'
/** How long unshare(1) may take for a program that does nothing. Seconds. */
const LONGEST_SECONDS = 30

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
 * already. unshare(2) from inside would move the main thread only, not those of libuv. Throws where unshare(1) does not
 * work here; it may take `longest` seconds to start a program.
 */
export async function reexecInMountNamespace(
  context: Pick<Context, 'program'>,
  longest = LONGEST_SECONDS,
): Promise<number | null> {
  if (process.env[MARK] !== undefined) return null
  await requireMountNamespace(longest)
  const command = [process.execPath, ...context.program, ...process.argv.slice(2)]
  const [program, ...args] = inMountNamespace(command)
  const { status, signal, error } = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '1' },
  })
  if (error !== undefined) throw error
  return signal === null ? (status ?? ExitCode.bug) : exitCodeForSignal(constants.signals[signal])
}

/** Throws where unshare(1) fails or hangs: the command itself may take any time, so that it cannot be limited. */
async function requireMountNamespace(longest: number): Promise<void> {
  const { run } = await import('../host/commands.ts')
  const [program, ...args] = inMountNamespace(['true'])
  try {
    await run(program, args, { timeout: longest })
  } catch (error) {
    throw new BenchError(messageOf(error), {
      code: 'host.no-mount-namespace',
      ...(error instanceof BenchError && error.hint !== undefined ? { hint: error.hint } : {}),
      exitCode: ExitCode.hostNotReady,
      cause: error,
    })
  }
}
