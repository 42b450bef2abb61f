/**
 * Ends a measuring process that its parent's end, or SIGKILL, did not end. Its main thread may wait in the kernel for a FUSE
 * daemon that hangs, and the daemon lives as long as its process namespace, whose first process is the one that waits.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { abortFuseConnection, isFuse } from '../linux/fuse.ts'
import { lockHolders } from '../linux/lock-holders.ts'
import { parseMounts, readMounts, type MountRow } from '../linux/mountinfo.ts'
import { linkOf, namesIn } from '../linux/proc-folder.ts'
import { hasEnded, processIds, sendSignal } from '../linux/process.ts'

const MILLISECONDS_BETWEEN = 100
/** A disk that fails may take its time to say so. */
const LONGEST_MILLISECONDS = 30_000
/** Milliseconds in which the kernel usually removes what ends with a process. */
const ORDERLY_MILLISECONDS = 500

/**
 * Kills whatever still holds the lock of a run's journal, with all that is in its process namespace, and ends the FUSE
 * connections of its mount namespace. Returns the processes that are left after `longest` milliseconds.
 */
export async function endHolders(journal: string, longest = LONGEST_MILLISECONDS): Promise<number[]> {
  const began = Date.now()
  const namespaces = new Set<string>()
  for (;;) {
    const holders = lockHolders(journal).filter(({ pid }) => pid !== process.pid)
    for (const { task } of holders) addNamespace(namespaces, task)
    const left = [...new Set([...holders.map(({ pid }) => pid), ...processesIn(namespaces)])]
    const elapsed = Date.now() - began
    if (left.length === 0 || elapsed > longest) return left
    for (const pid of elapsed > ORDERLY_MILLISECONDS ? left : holders.map((one) => one.pid))
      sendSignal(pid, 'SIGKILL')
    if (elapsed > ORDERLY_MILLISECONDS) for (const pid of left) endFuse(`/proc/${pid}/task`)
    await sleep(MILLISECONDS_BETWEEN)
  }
}

/** Notes the namespace of what a process starts: that of unshare(1) is the measuring process's, its own is the host's. */
function addNamespace(namespaces: Set<string>, task: string): void {
  const namespace = linkOf(`${task}/ns/pid_for_children`)
  if (namespace !== null && namespace !== linkOf('/proc/self/ns/pid')) namespaces.add(namespace)
}

function processesIn(namespaces: ReadonlySet<string>): number[] {
  if (namespaces.size === 0) return []
  return processIds()
    .filter((id) => namespaces.has(linkOf(`/proc/${id}/ns/pid`) ?? ''))
    .map(Number)
    .filter((pid) => !hasEnded(pid))
}

/** Ends the FUSE connections of the process's mount namespace that this one does not have: it mounted them itself. */
function endFuse(tasks: string): void {
  const here = new Set(readMounts().map(({ device }) => device))
  for (const { type, device } of mountsOf(tasks)) {
    if (isFuse(type) && !here.has(device)) abortFuseConnection(Number(device.split(':')[1]))
  }
}

/** The main thread has none any more when it has ended and another thread hangs. */
function mountsOf(tasks: string): MountRow[] {
  for (const thread of namesIn(tasks)) {
    try {
      return parseMounts(readFileSync(`${tasks}/${thread}/mountinfo`, 'utf8'))
    } catch {
      // This thread has ended.
    }
  }
  return []
}
