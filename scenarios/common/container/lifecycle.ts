/** One container's life under an OCI runtime, each step with its time. */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'
import type { Host, Piped } from '../../../harness/contracts/host.ts'
import { withLastLines } from '../../../harness/linux/last-lines.ts'
import { hasEnded, parentOf, sendSignal } from '../../../harness/linux/process.ts'
import type { Bundle } from './bundle.ts'

const NANOSECONDS = 1e9
const POLL_MILLISECONDS = 0.5
const EXIT_SECONDS = 20

/** How long a container took to its first output. Seconds; the three follow one another without a gap or an overlap. */
export interface Times {
  create: number
  start: number
  ready: number
  /** Monotonic, ns: when the first byte of its output came. */
  readyAt: bigint
}

/** A container that has written its first output. */
export interface Running extends Times {
  process: Piped
  pid: number
}

/** Before anything is timed: with several at once, the entry of one would be in the time of the others. */
export function announceContainer(host: Host, bundle: Bundle): void {
  host.journal.record({ kind: 'cgroup', name: bundle.id })
}

/**
 * `create`: until `RUNTIME create` has ended. `start`: from there until `RUNTIME start` has ended, or the first byte of
 * the container's output has come if that is earlier. `ready`: from there until the first byte has come.
 * The runtime hands its standard output on to the container, so what `create` prints is what the container prints.
 */
export async function startContainer(host: Host, runtime: string, bundle: Bundle): Promise<Running> {
  const begin = process.hrtime.bigint()
  const container = host.pipe(runtime, [
    ...verb(bundle, 'create'),
    '--bundle',
    bundle.directory,
    '--pid-file',
    bundle.pidFile,
    bundle.id,
  ])
  const created = await container.exited
  if (created.exitCode !== 0) throw await runtimeFailed(runtime, 'create', container)
  const starter = host.pipe(runtime, [...verb(bundle, 'start'), bundle.id])
  const started = await starter.exited
  if (started.exitCode !== 0) throw await runtimeFailed(runtime, 'start', starter)
  const readyAt = await container.firstByte
  const startedAt = started.at < readyAt ? started.at : readyAt
  return {
    create: secondsBetween(begin, created.at),
    start: secondsBetween(created.at, startedAt),
    ready: secondsBetween(startedAt, readyAt),
    readyAt,
    process: container,
    pid: Number(readFileSync(bundle.pidFile, 'utf8')),
  }
}

/**
 * Waits until the process is gone and deletes the container. Returns what it printed, and the seconds from the first
 * byte until `RUNTIME delete` has ended.
 */
export async function finishContainer(
  host: Host,
  runtime: string,
  bundle: Bundle,
  running: Running,
): Promise<{ exit: number; output: string }> {
  const { stdout } = await running.process.ended
  await gone(host, running.pid)
  const deleter = host.pipe(runtime, [...verb(bundle, 'delete'), bundle.id])
  const deleted = await deleter.exited
  if (deleted.exitCode !== 0) throw await runtimeFailed(runtime, 'delete', deleter)
  host.journal.forget({ kind: 'cgroup', name: bundle.id })
  return { exit: secondsBetween(running.readyAt, deleted.at), output: stdout }
}

/** After a failure: kills and deletes what there may be. What the runtime does not delete stays in the journal. */
export async function abandonContainer(host: Host, runtime: string, bundle: Bundle): Promise<void> {
  const { exitCode } = await host.pipe(runtime, [...verb(bundle, 'delete'), '--force', bundle.id]).exited
  if (existsSync(bundle.pidFile)) await endInit(host, Number(readFileSync(bundle.pidFile, 'utf8')))
  if (exitCode === 0) host.journal.forget({ kind: 'cgroup', name: bundle.id })
}

/** Ends the first process of a container, which a runtime that hung has left. */
async function endInit(host: Host, pid: number): Promise<void> {
  // Only a child of this process: the number may belong to another process by now.
  if (pid > 0 && parentOf(pid) === process.pid) sendSignal(pid, 'SIGKILL')
  await gone(host, pid)
}

/**
 * Waits until the container's process has ended, and returns its exit code. The runtime has left it behind, so it is a child of this
 * process where this is the first of its pid namespace, and has to be reaped here; elsewhere another does it, in its own time, and the
 * code is null.
 */
export async function gone(host: Host, pid: number): Promise<number | null> {
  const deadline = process.hrtime.bigint() + BigInt(EXIT_SECONDS * NANOSECONDS)
  for (;;) {
    const exitCode = host.syscalls.reap(pid)
    if (exitCode !== null) return exitCode
    // It may have ended just now.
    if (hasEnded(pid)) return host.syscalls.reap(pid)
    if (process.hrtime.bigint() > deadline) {
      throw new BenchError(`the container's process ${pid} did not end within ${EXIT_SECONDS} s`, {
        code: 'scenario.container-stuck',
        exitCode: ExitCode.cellFailed,
      })
    }
    await sleep(POLL_MILLISECONDS)
  }
}

export async function runtimeFailed(runtime: string, what: string, piped: Piped): Promise<BenchError> {
  const { exitCode, stderr } = await piped.ended
  return new BenchError(withLastLines(`${runtime} ${what} ended with ${exitCode}`, stderr), {
    code: 'scenario.runtime-failed',
    hint: 'see bench doctor for the runtimes that work here; runtime=auto takes one of them',
    exitCode: ExitCode.cellFailed,
  })
}

export function verb(bundle: Bundle, name: string): string[] {
  return ['--root', bundle.state, name]
}

function secondsBetween(from: bigint, to: bigint): number {
  return Number(to - from) / NANOSECONDS
}
