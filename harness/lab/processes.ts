/** Processes that outlive the program that started them; a later process with the same id is not mistaken for them. */
import { spawn } from 'node:child_process'
import { BenchError, ExitCode } from '../contracts/error.ts'
import {
  environmentOf,
  identityOf,
  isAlive,
  processIds,
  type ProcessIdentity,
  sendSignal,
} from '../linux/process.ts'
import { eventually } from '../linux/until.ts'

/**
 * In the environment of every process of a machine: its folder. By it they are found again when they were started and not
 * yet written down, as are those that User-mode Linux has for the processes of its guest.
 */
const OWNER_VARIABLE = 'BENCH_LAB_VM'

export interface Detached {
  program: string
  args: readonly string[]
  /** Folder of the machine, which it works in. */
  folder: string
  env?: Readonly<Record<string, string>>
  /** Descriptors: standard output and error, and those from 3 on. */
  output: number
  inherited?: readonly number[]
}

/** Starts a process in a session of its own, which goes on when this program ends. */
export async function startDetached(what: Detached): Promise<ProcessIdentity> {
  const { program, args, folder, output, inherited = [] } = what
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    env: { ...process.env, ...what.env, [OWNER_VARIABLE]: folder },
    stdio: ['ignore', output, output, ...inherited],
  })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error) => reject(notStarted(program, error)))
  })
  child.unref()
  return identityOf(child.pid ?? 0)
}

function notStarted(program: string, cause: Error): BenchError {
  return new BenchError(`${program} could not be started: ${cause.message}`, {
    code: 'lab.not-started',
    exitCode: ExitCode.hostNotReady,
    cause,
  })
}

/** Returns the folders of all machines that have a process, of whichever lab. */
export function foldersWithProcesses(): string[] {
  const mark = `${OWNER_VARIABLE}=`
  const folders = processIds()
    .flatMap((pid) => environmentOf(pid).filter((each) => each.startsWith(mark)))
    .map((each) => each.slice(mark.length))
  return [...new Set(folders)]
}

/** Whatever runs for the machine in this folder. */
export function processesOf(folder: string): ProcessIdentity[] {
  const mark = `${OWNER_VARIABLE}=${folder}`
  return processIds()
    .filter((pid) => environmentOf(pid).includes(mark))
    .map((pid) => identityOf(Number(pid)))
}

const ASKED_MILLISECONDS = 3000
const KILLED_MILLISECONDS = 10_000
const POLL_MILLISECONDS = 20

/** Sends each process SIGTERM, and SIGKILL to those still running after three seconds. Throws when one survives. */
export async function endProcesses(processes: readonly ProcessIdentity[]): Promise<void> {
  for (const [signal, milliseconds] of [
    ['SIGTERM', ASKED_MILLISECONDS],
    ['SIGKILL', KILLED_MILLISECONDS],
  ] as const) {
    for (const each of processes.filter(isAlive)) sendSignal(each.pid, signal)
    const pace = { every: POLL_MILLISECONDS, within: milliseconds }
    if (await eventually(() => !processes.some(isAlive), pace)) return
  }
  const left = processes.filter(isAlive).map(({ pid }) => pid)
  throw new BenchError(`process ${left.join(', ')} cannot be killed`, {
    code: 'lab.not-ended',
    hint: 'it is stuck in the kernel; bench lab down tries again',
    exitCode: ExitCode.notCleaned,
  })
}
