/** Turns ssh's messages into errors that a person can act on. */
import { BenchError, ExitCode } from '../../contracts/error.ts'
import type { RemoteHost } from '../../contracts/remote-host.ts'
import { lastLines } from '../../linux/last-lines.ts'
import { loginByHand, destinationOf } from './ssh-args.ts'

/** ssh's own words for what went wrong, and what helps. */
const HINTS: readonly (readonly [says: RegExp, hint: (host: RemoteHost) => string])[] = [
  [
    /connection refused/i,
    ({ port }) => `is a server for SSH running there, and is its port ${port ?? 'the one that ssh asks'}?`,
  ],
  [
    /permission denied/i,
    (host) => `only keys are used, no passwords: is one of yours allowed for ${userOf(host)}?`,
  ],
  [
    /host key verification failed/i,
    () => 'its key is not known, or another than before: look, then log in once by hand',
  ],
  [/could not resolve/i, (host) => `is ansible_host of ${host.name} right?`],
  [/identity file|invalid format|bad permissions/i, () => 'is ansible_ssh_private_key_file right?'],
]

function userOf({ user }: RemoteHost): string {
  return user ?? 'whom ssh logs in as'
}

/** The host was not reached, or the link to it was lost: `ssh.unreachable`, with the last that ssh said. */
export function unreachable(host: RemoteHost, stderr: string): BenchError {
  // A client of the master says nothing when the master has gone.
  const said = lastLines(stderr) || 'the link was lost'
  const known = HINTS.find(([says]) => says.test(said))
  return new BenchError(`${host.name} (${destinationOf(host)}) cannot be reached: ${said}`, {
    code: 'ssh.unreachable',
    hint: known?.[1](host) ?? `try to log in by hand: ${loginByHand(host)}`,
    exitCode: ExitCode.hostNotReady,
  })
}

export interface Attempt {
  host: RemoteHost
  argv: readonly string[]
  timeout?: number
  signal?: AbortSignal
}

/** How ssh(1) ended, as execa tells it. */
export interface EndOfProcess {
  exitCode?: number | undefined
  signal?: string | undefined
  stderr: string
  timedOut: boolean
  isCanceled: boolean
  cause?: unknown
}

/** Returns the exit code of the command at the other end. Throws where ssh, or what fed it, is what failed. */
export function exitCodeOf(end: EndOfProcess, { host, argv, timeout, signal }: Attempt): number {
  if (end.isCanceled) throw signal?.reason as Error
  if (end.timedOut) throw timedOut(host, argv, timeout ?? 0)
  if (end.exitCode === SSH_FAILED) throw unreachable(host, end.stderr)
  if (isOfSpawn(end.cause)) throw notStarted(host, end.cause)
  // The upload broke off, however the command reacted.
  if (end.cause instanceof Error) throw end.cause
  if (end.exitCode === undefined) throw sshBroken(host, `was ended by ${end.signal}`)
  const refusal = sudoRefusal(host, end.exitCode, end.stderr)
  if (refusal !== null) throw refusal
  return end.exitCode
}

/** How ssh(1) ends when it, and not the command, failed. */
const SSH_FAILED = 255
const NOT_STARTED = 'could not be started: is openssh-client installed here?'

const isOfSpawn = (cause: unknown) =>
  cause instanceof Error && 'syscall' in cause && String(cause.syscall).startsWith('spawn')

/** sudo refuses before the command begins: `ssh.no-sudo`; null where it did not. */
function sudoRefusal(host: RemoteHost, exitCode: number, stderr: string): BenchError | null {
  if (!host.become || exitCode !== 1) return null
  const refusal =
    /^sudo: (?:a password is required|a terminal is required.*|.* is not in the sudoers file.*)$/m
  const said = refusal.exec(stderr)?.[0]
  if (said === undefined) return null
  return new BenchError(`${host.name}: ${said}`, {
    code: 'ssh.no-sudo',
    hint: `allow ${userOf(host)} to use sudo there without a password, or log in as root`,
    exitCode: ExitCode.hostNotReady,
  })
}

function timedOut(host: RemoteHost, argv: readonly string[], seconds: number): BenchError {
  return new BenchError(`${host.name}: ${argv.join(' ')} did not end within ${seconds} s`, {
    code: 'ssh.timeout',
    exitCode: ExitCode.hostNotReady,
  })
}

/** ssh(1) of this machine does not run. */
export function notStarted(host: RemoteHost, cause: unknown): BenchError {
  return sshBroken(host, NOT_STARTED, cause)
}

function sshBroken(host: RemoteHost, reason: string, cause?: unknown): BenchError {
  const options = { code: 'ssh.broken', exitCode: ExitCode.hostNotReady, cause }
  return new BenchError(`${host.name}: ssh ${reason}`, options)
}
