/** Which processes hold the lock of a file. */
import { readFileSync } from 'node:fs'
import { linkOf, namesIn } from './proc-folder.ts'
import { hasEnded, processIds } from './process.ts'

/** A process and one of its threads that has files open. */
export interface Holder {
  pid: number
  /** `/proc/PID/task/TID`, which still answers when the main thread has ended and another hangs. */
  task: string
}

/**
 * Returns the processes, as far as they are seen from here, that have an exclusive flock(2) of this file. `path` is without
 * symbolic links. Only names are read, since asking a file itself may wait for a file system that hangs.
 */
export function lockHolders(path: string): Holder[] {
  return processIds().flatMap((id) => {
    const task = tasksOf(id).find((each) => holdsLock(each, path))
    return task === undefined ? [] : [{ pid: Number(id), task }]
  })
}

/** The main thread stands for all, unless it has ended: the threads of a process have the same files. */
function tasksOf(pid: string): string[] {
  if (!hasEnded(Number(pid))) return [`/proc/${pid}/task/${pid}`]
  return namesIn(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`)
}

function holdsLock(task: string, path: string): boolean {
  return namesIn(`${task}/fd`).some(
    (fd) =>
      linkOf(`${task}/fd/${fd}`)?.replace(/ \(deleted\)$/, '') === path && isLocked(`${task}/fdinfo/${fd}`),
  )
}

/** `lock: 1: FLOCK  ADVISORY  WRITE 4242 fe:00:131 0 EOF`, only for the open file that has the lock: proc_pid_fdinfo(5). */
function isLocked(fdinfo: string): boolean {
  try {
    return /^lock:.*\bFLOCK\b.*\bWRITE\b/m.test(readFileSync(fdinfo, 'utf8'))
  } catch {
    // The process has ended.
    return false
  }
}
