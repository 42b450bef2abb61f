/** Whether the run of a journal still goes on. */
import { bootId, isAlive } from '../linux/process.ts'
import { tryLock } from '../linux/lock.ts'
import type { JournalOwner } from './entry.ts'
import { machineId, pidNamespace } from './here.ts'

export type RunState =
  /** The run holds the journal's lock. Where it is, its process may not be seen from here. */
  | 'going-on'
  /** The run's own process is gone, and its measuring process is not. */
  | 'orphaned'
  /** No process of the run is left. */
  | 'ended'
  /** It was made on another machine that shares this folder. */
  | 'elsewhere'

/**
 * Returns the state of the run of an open journal. Its lock decides: a lock works across PID namespaces, and a zombie does
 * not hold one. `owner`: as the journal states it.
 */
export function stateOfRun(fd: number, path: string, owner: JournalOwner | null): RunState {
  if (tryLock(fd, 'shared', path)) {
    if (owner === null) return 'ended'
    if (isOfOtherMachine(owner)) return 'elsewhere'
    // An earlier bench held no lock.
    return owner.pidNamespace === undefined && isAlive(owner) ? 'going-on' : 'ended'
  }
  return owner !== null && isKnownDead(owner) ? 'orphaned' : 'going-on'
}

/** Process ids say something in their own namespace alone. */
function isKnownDead(owner: JournalOwner): boolean {
  return owner.bootId === bootId() && owner.pidNamespace === pidNamespace() && !isAlive(owner)
}

function isOfOtherMachine({ bootId: boot, machine }: JournalOwner): boolean {
  const here = machineId()
  return boot !== bootId() && typeof machine === 'string' && here !== null && machine !== here
}
