import type { Cell } from '../contracts/cell.ts'
import type { Plan, Registry, WhyAbsent } from '../contracts/plan.ts'
import type { Run } from '../contracts/run.ts'
import { estimate } from './estimate.ts'
import { resolveCells } from './resolve-cells.ts'

/**
 * Returns the plan that measures some cells of a run again, for `rounds` rounds: interleaved with their controls, on the same
 * scratch and images. Throws as {@link resolveCells} does.
 */
export function planAgain(
  run: Pick<Run, 'id' | 'cells' | 'options'>,
  cells: ReadonlySet<string>,
  rounds: number,
  registry: Registry,
  whyAbsent?: WhyAbsent,
): Plan {
  const own = withControls(run.cells, cells)
  const configurations = [...new Set(own.map(({ configuration }) => configuration))]
  const options = {
    ...run.options,
    configurations,
    requested: configurations,
    scenarios: [...new Set(own.map(({ scenario }) => scenario))],
    rounds,
    maxRounds: rounds,
    budgetSeconds: null,
    leftOut: [],
    calibration: 'none' as const,
    confirms: run.id,
  }
  const resolved = resolveCells({ cells: own, options }, registry)
  return { options, cells: own, estimate: estimate(resolved, whyAbsent), destroy: null }
}

/** Returns the named cells and what they are divided by, in the order of the run. */
function withControls(all: readonly Cell[], named: ReadonlySet<string>): Cell[] {
  const controlOf = new Map(all.map(({ id, control }) => [id, control]))
  const wanted = new Set<string>()
  for (const id of named) {
    for (let next: string | null = id; next !== null; next = controlOf.get(next) ?? null) wanted.add(next)
  }
  return all.filter(({ id }) => wanted.has(id))
}
