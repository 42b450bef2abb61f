/** Resources of the host that a phase uses besides time: CPU, context switches, waiting for I/O, stolen time. */
import { closeSync, openSync, readSync } from 'node:fs'
import type { Resources } from '../contracts/sample.ts'
import { errnoOf, type Syscalls } from '../contracts/syscalls.ts'
import { watchKernelThreads } from './kernel-threads.ts'

const MICROSECONDS = 1e6
/** USER_HZ: the unit of /proc/stat, 100 on every architecture that Node runs on (linux/asm-generic/param.h). */
const TICKS_A_SECOND = 100
/** Field of the first line of /proc/stat: proc_stat(5). */
const STEAL = 8

type OfProcess = Pick<
  Resources,
  | 'userSeconds'
  | 'systemSeconds'
  | 'childUserSeconds'
  | 'childSystemSeconds'
  | 'voluntarySwitches'
  | 'involuntarySwitches'
>
type OfHost = Pick<Resources, 'ioPressureSome' | 'ioPressureFull' | 'stealSeconds'>

/**
 * Counters that only grow; what is meant is the difference of two readings. Apart by what they cost, so that the
 * caller can take the cheap one next to the clock: the cost of the others is then in no figure.
 */
export interface ResourceReader {
  /** Two system calls, some 6 µs. */
  ofProcess(): OfProcess
  /** Two files, kept open, some 20 µs. */
  ofHost(): OfHost
  /** Some 10 µs for each kernel thread; null where they are not to be seen. */
  kernelSeconds(): number | null
  close(): void
}

/** `hostProc`: a procfs that lists the host's kernel threads, or null. */
export function openResources(
  syscalls: Pick<Syscalls, 'resourceUsage'>,
  hostProc: string | null,
): ResourceReader {
  const pressure = openProc('/proc/pressure/io')
  const stat = openProc('/proc/stat')
  const threads = hostProc === null ? null : watchKernelThreads(hostProc)
  return {
    ofProcess() {
      const self = syscalls.resourceUsage('self')
      const children = syscalls.resourceUsage('children')
      return {
        ...self,
        childUserSeconds: children.userSeconds,
        childSystemSeconds: children.systemSeconds,
      }
    },
    ofHost: () => ({ ...pressureOf(pressure.read()), stealSeconds: stealOf(stat.read()) }),
    kernelSeconds: () => threads?.seconds() ?? null,
    close() {
      pressure.close()
      stat.close()
      threads?.close()
    },
  }
}

/** Totals of /proc/pressure/io, Documentation/accounting/psi.rst: microseconds, of the whole host. */
export function pressureOf(text: string): Pick<OfHost, 'ioPressureSome' | 'ioPressureFull'> {
  const total = (kind: string) => {
    const match = new RegExp(`^${kind} .*total=(\\d+)$`, 'm').exec(text)
    return match === null ? null : Number(match[1]) / MICROSECONDS
  }
  return { ioPressureSome: total('some'), ioPressureFull: total('full') }
}

/** Returns the host's stolen seconds, in steps of a tick; null where /proc/stat does not tell. */
export function stealOf(text: string): number | null {
  const field = text.slice(0, text.indexOf('\n')).split(/\s+/)[STEAL]
  return field === undefined ? null : Number(field) / TICKS_A_SECOND
}

interface ProcFile {
  /** The beginning; empty where the kernel has no such file, or has it turned off. */
  read(): string
  close(): void
}

function openProc(path: string): ProcFile {
  const buffer = Buffer.alloc(256)
  let fd: number | null
  try {
    fd = openSync(path, 'r')
  } catch {
    fd = null
  }
  return {
    read() {
      if (fd === null) return ''
      try {
        return buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0))
      } catch (error) {
        // The answer of /proc/pressure of a kernel that was booted with psi=0.
        if (errnoOf(error) === 'ENOTSUP') return ''
        throw error
      }
    },
    close() {
      if (fd !== null) closeSync(fd)
    },
  }
}

/** Returns the difference of two readings; null where either is unknown. */
export function resourceDifference(after: Resources, before: Resources): Resources {
  return combine(after, before, (left, right) => left - right)
}

export function addResources(left: Resources, right: Resources): Resources {
  return combine(left, right, (one, other) => one + other)
}

function combine(
  left: Resources,
  right: Resources,
  operation: (left: number, right: number) => number,
): Resources {
  const known = (key: keyof Resources) => operation(Number(left[key]), Number(right[key]))
  const perhaps = (key: keyof Resources) => (left[key] === null || right[key] === null ? null : known(key))
  return {
    userSeconds: known('userSeconds'),
    systemSeconds: known('systemSeconds'),
    childUserSeconds: known('childUserSeconds'),
    childSystemSeconds: known('childSystemSeconds'),
    kernelSeconds: perhaps('kernelSeconds'),
    voluntarySwitches: known('voluntarySwitches'),
    involuntarySwitches: known('involuntarySwitches'),
    ioPressureSome: perhaps('ioPressureSome'),
    ioPressureFull: perhaps('ioPressureFull'),
    stealSeconds: perhaps('stealSeconds'),
  }
}
