/**
 * CPU time of the kernel's own threads: writeback, journals, loop and FUSE workers do for a driver what no process of
 * ours is charged for.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { errnoOf } from '../contracts/syscalls.ts'
import { processFlags, processIds } from '../linux/process.ts'

/** linux/sched.h. */
const PF_KTHREAD = 0x00200000
const NANOSECONDS = 1e9

export interface KernelThreads {
  /**
   * CPU seconds of all kernel threads of the host; what is meant is the difference of two readings. What a thread that
   * has ended did since the reading before is lost. Null where no kernel thread is to be seen.
   */
  seconds(): number | null
  close(): void
}

interface Thread {
  fd: number
  nanoseconds: number
}

/**
 * `proc`: a procfs of the host's first process namespace, the only one that lists kernel threads. Files are kept open:
 * the first reading looks at every process of the host, later ones at those that are new.
 */
export function watchKernelThreads(proc: string): KernelThreads {
  const threads = new Map<string, Thread>()
  let others: ReadonlySet<string> = new Set()
  let ended = 0
  const buffer = Buffer.alloc(128)

  function findNew(): void {
    const present = processIds(proc)
    const seen = new Set<string>()
    for (const pid of present) {
      if (threads.has(pid)) continue
      const fd = others.has(pid) ? null : openThread(proc, pid)
      if (fd === null) seen.add(pid)
      else threads.set(pid, { fd, nanoseconds: 0 })
    }
    // Without those that have gone, whose number may come again for a kernel thread.
    others = seen
  }

  return {
    seconds() {
      findNew()
      let sum = 0
      for (const [pid, thread] of threads) {
        try {
          thread.nanoseconds = onCpu(thread.fd, buffer)
          sum += thread.nanoseconds
        } catch (error) {
          if (errnoOf(error) !== 'ESRCH') throw error
          ended += thread.nanoseconds
          closeSync(thread.fd)
          threads.delete(pid)
        }
      }
      // A kernel without CONFIG_SCHEDSTATS says 0 of every thread.
      return sum + ended === 0 ? null : (sum + ended) / NANOSECONDS
    },
    close() {
      for (const { fd } of threads.values()) closeSync(fd)
      threads.clear()
    },
  }
}

/** The open schedstat of a kernel thread; null for a process, and for what has just ended or has no such file. */
function openThread(proc: string, pid: string): number | null {
  try {
    const flags = processFlags(pid, proc) ?? 0
    return (flags & PF_KTHREAD) === 0 ? null : openSync(`${proc}/${pid}/schedstat`, 'r')
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes(errnoOf(error) ?? '')) return null
    throw error
  }
}

/** Returns the first field, to the nanosecond, where stat's counts in ticks: Documentation/scheduler/sched-stats.rst. */
function onCpu(fd: number, buffer: Buffer): number {
  const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0))
  return Number(text.slice(0, text.indexOf(' ')))
}
