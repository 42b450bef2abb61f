/**
 * Undoes journal entries, newest first, in the host's own namespaces. Idempotent: what is gone already is fine. An entry is done
 * with when it was seen that nothing is left of it, not when a command said so.
 *
 * A killed run is still going away while this runs: the kernel unmounts and detaches the devices of a namespace after its
 * last process has closed its files, and whatever that process started ends later still. So what does not go is tried again.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../contracts/error.ts'
import type { Host, JournalEntry } from '../contracts/host.ts'
import { NotOurs } from './not-ours.ts'
import { destroyPool, detachLoops, removeDeviceMapper, wipePartitions } from './undo-devices.ts'
import { removePath, unmountBelow } from './undo-paths.ts'
import { endProcess, putBackParameter, removeCgroups } from './undo-others.ts'

export interface UndoResult {
  entry: JournalEntry
  /** Action taken (`removed 3 mounts`), or null when nothing was left. */
  done: string | null
  /** Why it could not be undone, or null. */
  error: string | null
}

const TRIES = 25
const MILLISECONDS_BETWEEN = 100

export type HostForUndo = Pick<Host, 'syscalls' | 'run' | 'which'>

/** Whose entry it is, and when that was. */
export interface Origin {
  run: string
  /** The machine has not been started since: what is mounted there may be the run's. */
  sameBoot: boolean
}

/** Undoes an entry that the rules allow; what does not go is tried again for some seconds. */
export async function undoEntry(host: HostForUndo, entry: JournalEntry, origin: Origin): Promise<UndoResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return { entry, done: await undoOne(host, entry, origin), error: null }
    } catch (error) {
      if (error instanceof NotOurs || tries === TRIES) return { entry, done: null, error: messageOf(error) }
      await sleep(MILLISECONDS_BETWEEN)
    }
  }
}

async function undoOne(host: HostForUndo, entry: JournalEntry, origin: Origin): Promise<string | null> {
  switch (entry.kind) {
    case 'process':
      return endProcess(entry, origin.run)
    case 'mount':
      return unmountBelow(host.syscalls, entry.path)
    case 'device-mapper':
      return removeDeviceMapper(host, entry.prefix)
    case 'zpool':
      return destroyPool(host, entry.name)
    case 'parameter':
      return putBackParameter(entry)
    case 'loop':
      return detachLoops(host, entry.path)
    case 'partitions':
      return wipePartitions(host, entry.device, entry.label)
    case 'cgroup':
      return removeCgroups(entry.name)
    case 'directory':
    case 'file':
      return removePath(host.syscalls, entry.path, origin.sameBoot)
  }
}
