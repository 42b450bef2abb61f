/** Containers that a scenario has planned for snapshots. */
import type { EngineContainer } from '../../../harness/contracts/engine-runtime.ts'
import { BenchError, ExitCode } from '../../../harness/contracts/error.ts'

export interface Planned {
  readonly key: string
  readonly container: EngineContainer
  /** Where the snapshot is to be mounted; null: nothing has asked for that yet. */
  target: string | null
  /** Whether what the container has left is mounted there. */
  isShown: boolean
}

export interface Plans {
  add(key: string, container: EngineContainer): void
  /** Returns the plan for a snapshot. */
  of(key: string): Planned | undefined
  /** Returns the plan of a container. Throws where there is none. */
  named(id: string): Planned
  forget(key: string): void
}

export function createPlans(): Plans {
  const plans = new Map<string, Planned>()
  return {
    add: (key, container) => void plans.set(key, { key, container, target: null, isShown: false }),
    of: (key) => plans.get(key),
    named(id) {
      const found = [...plans.values()].find(({ container }) => container.id === id)
      if (found !== undefined) return found
      throw new BenchError(`container ${id} was not planned`, {
        code: 'driver.engine',
        exitCode: ExitCode.cellFailed,
      })
    },
    forget: (key) => void plans.delete(key),
  }
}
