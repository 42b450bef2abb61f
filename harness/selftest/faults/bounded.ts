/** Commands that end: after their limit they are killed with everything in their process group. */
import { spawnSync } from 'node:child_process'
import { PROGRAM } from './program.ts'

/** Seconds from the first signal to SIGKILL. */
const GRACE = 5

export interface Ended {
  /** Null where it took longer than its limit, or was killed. */
  exit: number | null
  stdout: string
  stderr: string
}

/** Runs a command for `seconds` at most: timeout(1). */
export function bounded(
  seconds: number,
  [program, ...args]: readonly [string, ...string[]],
  { input = '', env = {} }: { input?: string; env?: Readonly<Record<string, string>> } = {},
): Ended {
  const words = [`--kill-after=${GRACE}`, String(seconds), program, ...args]
  const { status, stdout, stderr } = spawnSync('timeout', words, {
    input,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    maxBuffer: 2 ** 26,
  })
  return { exit: status === null || status === 124 || status === 137 ? null : status, stdout, stderr }
}

/** Runs a command that prepares something, and returns its standard output. Throws where it fails. */
export function succeed(program: string, args: readonly string[], input = ''): string {
  const { exit, stdout, stderr } = bounded(30, [program, ...args], { input })
  if (exit !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr.trim() || `exit code ${exit}`}`)
  return stdout
}

/** Runs the built `bench`, whose journals lie in `state`. */
export function boundedBench(
  seconds: number,
  state: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Ended {
  const places = { XDG_STATE_HOME: state, XDG_CONFIG_HOME: `${state}/config`, NO_COLOR: '1' }
  return bounded(seconds, [process.execPath, PROGRAM, ...args], { env: { ...places, ...env } })
}
