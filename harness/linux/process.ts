/** Processes, as /proc shows them. */
import { readFileSync, readdirSync } from 'node:fs'
import { z } from 'zod'
import { errnoOf } from '../contracts/syscalls.ts'

/** Errors of /proc for a process that has ended, or that the mount option `hidepid` hides from this user. */
const NOT_SEEN = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM']

function readProc(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): string | null {
  try {
    return readFileSync(path, encoding)
  } catch (error) {
    if (NOT_SEEN.includes(errnoOf(error) ?? '')) return null
    throw error
  }
}

/** Returns the ids of all processes. `proc` is a mounted procfs. */
export function processIds(proc = '/proc'): string[] {
  return readdirSync(proc).filter((name) => /^\d+$/.test(name))
}

/**
 * Returns the text of /proc/PID/stat from its third field on, the process' state; null when it has ended. The second
 * field, the name, may hold anything, so that what follows is counted from the last parenthesis: proc_pid_stat(5).
 */
function statAfterName(pid: number | string, proc = '/proc'): string | null {
  const stat = readProc(`${proc}/${pid}/stat`, 'latin1')
  return stat === null ? null : stat.slice(stat.lastIndexOf(')') + 2)
}

/** Returns a field by its number in proc_pid_stat(5), 4 or above. */
function statField(number: number, pid: number | string, proc?: string): number | null {
  const text = statAfterName(pid, proc)
  return text === null ? null : Number(text.split(' ')[number - 3])
}

/** Returns the id of the process' parent; null when the process has ended. */
export function parentOf(pid: number): number | null {
  return statField(4, pid)
}

/** Returns the kernel's flags of the process, `PF_…` of linux/sched.h; null when it has ended. */
export function processFlags(pid: number | string, proc?: string): number | null {
  return statField(9, pid, proc)
}

/**
 * Returns when the process began, in clock ticks since boot; null when it has ended. With it a pid names one process for
 * ever.
 */
export function startTimeOf(pid: number): number | null {
  return statField(22, pid)
}

/** Tells whether the process has ended: it does not exist, or is a zombie. */
export function hasEnded(pid: number): boolean {
  const stat = statAfterName(pid)
  return stat === null || stat.startsWith('Z')
}

/** Returns the first 15 bytes of the name of the program that a process runs; null when it has ended. */
export function programOf(pid: number | string, proc = '/proc'): string | null {
  return readProc(`${proc}/${pid}/comm`)?.trimEnd() ?? null
}

/** Returns the arguments of a process, each ended by a zero; empty for a zombie and one that has ended. */
export function commandLine(pid: number | string): string {
  return readProc(`/proc/${pid}/cmdline`) ?? ''
}

/**
 * Returns the environment that a process began with, as `NAME=VALUE`; empty for one that has ended and for another
 * user's.
 */
export function environmentOf(pid: number | string): string[] {
  return readProc(`/proc/${pid}/environ`)?.split('\0') ?? []
}

/**
 * Returns the processes that any thread of the process, or only the given one, has begun; null when the process has ended.
 * Where the kernel does not list them (CONFIG_PROC_CHILDREN: proc_pid_task_children(5)), all that name it as their parent.
 */
export function childrenOf(
  pid: number,
  { proc = '/proc', thread }: { proc?: string; thread?: number } = {},
): number[] | null {
  const threads = thread === undefined ? threadsOf(pid, proc) : [thread]
  if (threads === null) return null
  const lists = threads.map((each) => readProc(`${proc}/${pid}/task/${each}/children`))
  // A thread that has ended has no list either; the main one is there as long as the process is.
  const isListed = lists.some((list) => list !== null)
  if (isListed) return lists.flatMap((list) => list?.split(' ').filter(Boolean) ?? []).map(Number)
  if (statAfterName(pid, proc) === null) return null
  return processIds(proc)
    .map(Number)
    .filter((each) => statField(4, each, proc) === pid)
}

/** Returns the processes that the process has begun, those that these have begun, and so on. */
export function descendantsOf(pid: number, proc = '/proc'): number[] {
  return (childrenOf(pid, { proc }) ?? []).flatMap((child) => [child, ...descendantsOf(child, proc)])
}

/** Returns the ids of the threads of a process; null when it has ended. */
function threadsOf(pid: number, proc: string): string[] | null {
  try {
    return readdirSync(`${proc}/${pid}/task`)
  } catch (error) {
    if (NOT_SEEN.includes(errnoOf(error) ?? '')) return null
    throw error
  }
}

/** Sends a signal; a process that has ended gets none. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errnoOf(error) !== 'ESRCH') throw error
  }
}

/** Returns the id that the kernel draws at each boot. */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
}

/** Identity of a process: a later process with the same id has another one. */
export const processIdentitySchema = z.object({
  pid: z.number().int(),
  startTime: z.number().describe('clock ticks since boot'),
  bootId: z.string(),
})

export type ProcessIdentity = z.infer<typeof processIdentitySchema>

/** Returns the identity of a process that runs. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, startTime: startTimeOf(pid) ?? 0, bootId: bootId() }
}

/** Tells whether a process of this boot still exists, if only as a zombie. */
export function isPresent({ pid, startTime }: Pick<ProcessIdentity, 'pid' | 'startTime'>): boolean {
  return startTimeOf(pid) === startTime
}

/** Tells whether the process is running. A zombie is not, nor is a process of an earlier boot. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identity.bootId === bootId() && isPresent(identity) && !hasEnded(identity.pid)
}
