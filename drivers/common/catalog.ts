/**
 * Which snapshots a store holds: keys, names, parents. A store lives no longer than its run, on a scratch that
 * was just formatted, so the catalog is kept in memory and costs a timed verb nothing.
 */
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'

export interface Snapshot {
  /** The key of an active one or of a view, the name of a committed one. */
  readonly name: string
  readonly kind: 'active' | 'view' | 'committed'
  /** Short and unique within the store: what files, subvolumes and devices are called. Survives commit. */
  readonly id: string
  readonly parent: Snapshot | null
}

export interface Catalog {
  /** Adds an active snapshot or a view. Throws `driver.exists`, `driver.not-found`, `driver.not-committed`. */
  create(kind: 'active' | 'view', key: string, parent: string | null): Snapshot
  /** Returns the active snapshot that can be committed under this name. Throws `driver.exists`, `driver.not-found`, `driver.not-active`. */
  requireCommittable(name: string, key: string): Snapshot
  /** Turns an active snapshot into a committed one under its new name. */
  commit(name: string, key: string): Snapshot
  /** Throws `driver.not-found`. */
  get(name: string): Snapshot
  /** Throws `driver.busy` when it is the parent of another. Call before anything is removed. */
  requireLeaf(name: string): Snapshot
  remove(name: string): void
  all(): readonly Snapshot[]
  /** Whether there is nothing but committed snapshots, so that nothing of the store is mounted. */
  atRest(): boolean
}

export function createCatalog(): Catalog {
  const snapshots = new Map<string, Snapshot>()
  let count = 0

  function get(name: string): Snapshot {
    const snapshot = snapshots.get(name)
    if (snapshot === undefined) throw driverError('not-found', `snapshot ${name} does not exist`)
    return snapshot
  }

  function requireFree(name: string): void {
    if (snapshots.has(name)) throw driverError('exists', `snapshot ${name} already exists`)
  }

  function requireCommittable(name: string, key: string): Snapshot {
    const active = get(key)
    if (active.kind !== 'active') throw driverError('not-active', `snapshot ${key} is not active`)
    requireFree(name)
    return active
  }

  function add(snapshot: Snapshot): Snapshot {
    requireFree(snapshot.name)
    snapshots.set(snapshot.name, snapshot)
    return snapshot
  }

  return {
    create(kind, key, parentName) {
      const parent = parentName === null ? null : get(parentName)
      if (parent !== null && parent.kind !== 'committed') {
        throw driverError(
          'not-committed',
          `snapshot ${parent.name} is not committed, so it cannot be a parent`,
        )
      }
      const created = add({ name: key, kind, id: count.toString(36), parent })
      count += 1
      return created
    },
    requireCommittable,
    commit(name, key) {
      const committed = add({ ...requireCommittable(name, key), name, kind: 'committed' })
      snapshots.delete(key)
      return committed
    },
    get,
    requireLeaf(name) {
      const snapshot = get(name)
      for (const other of snapshots.values()) {
        if (other.parent === snapshot)
          throw driverError('busy', `snapshot ${name} is the parent of ${other.name}`)
      }
      return snapshot
    },
    remove(name) {
      snapshots.delete(get(name).name)
    },
    all: () => [...snapshots.values()],
    atRest: () => [...snapshots.values()].every(({ kind }) => kind === 'committed'),
  }
}

/** Returns the snapshots below this one, nearest first. */
export function ancestors(snapshot: Snapshot): Snapshot[] {
  const chain: Snapshot[] = []
  for (let at = snapshot.parent; at !== null; at = at.parent) chain.push(at)
  return chain
}

/** Returns an error of the snapshotter's contract: `driver.busy`, `driver.exists`, `driver.not-found` … */
export function driverError(code: string, message: string, cause?: unknown): BenchError {
  return new BenchError(message, { code: `driver.${code}`, exitCode: ExitCode.cellFailed, cause })
}
