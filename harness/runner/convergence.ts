/** Which cells still need rounds, and how many more they may take. */
import { headlinePhase } from '../contracts/phase.ts'
import type { Cell } from '../contracts/cell.ts'
import type { Sample } from '../contracts/sample.ts'
import type { ScenarioInfo } from '../contracts/run.ts'
import { hasConverged, relativeWidthOf } from '../statistics/precision.ts'
import type { ByRound } from '../statistics/paired-ratio.ts'

/** Parts of a `ReadyCell` that decide when it is done. */
export interface Converging {
  cell: Pick<Cell, 'id' | 'control' | 'phases'>
  scenario: { meta: { phases: readonly ScenarioInfo['phases'][number][] } }
}

export interface Convergence<C extends Converging> {
  add(sample: Sample): void
  /** A cell that is given up is not measured again, and those that it is the control of are not compared with it. */
  giveUp(cell: C): void
  /** All cells but those given up: who is measured in the rounds that there are at least. */
  open(): C[]
  /** Judges all cells again, after a round. Returns those that still go on, in the order given. */
  going(): C[]
  /** How many rounds a cell may need in all, at the rate at which its interval has narrowed; null: not to be told yet. */
  roundsNeeded(cell: C): number | null
}

/**
 * A cell is done once its headline ratio is known well enough, and stays so: it takes no time from the others. One that
 * is another's control goes on as long as that one does, since only rounds that have both count.
 */
export function trackConvergence<C extends Converging>(
  cells: readonly C[],
  precision: number,
): Convergence<C> {
  const headlines = new Map<string, Map<number, number>>()
  const done = new Set<string>()
  const givenUp = new Set<string>()
  const headlineOf = new Map(cells.map((one) => [one.cell.id, headlineOfCell(one)]))
  const controls = new Set(cells.map(({ cell }) => cell.control))

  const valuesOf = (id: string): ByRound => headlines.get(id) ?? new Map()
  const controlValues = ({ cell }: C) =>
    cell.control === null || givenUp.has(cell.control) ? null : valuesOf(cell.control)

  const measurable = () => cells.filter(({ cell }) => !givenUp.has(cell.id))

  /** The control itself has no ratio: it is measured for those that do. */
  function isDone(one: C): boolean {
    const { id, control } = one.cell
    if (done.has(id)) return true
    const follows = control === null && controls.has(id)
    if (follows || hasConverged(valuesOf(id), controlValues(one), precision)) done.add(id)
    return done.has(id)
  }

  return {
    add(sample) {
      const phase = headlineOf.get(sample.cell)
      const value = phase == null ? undefined : sample.phases[phase]
      if (sample.state !== 'completed' || value === undefined) return
      const values = headlines.get(sample.cell) ?? new Map<number, number>()
      headlines.set(sample.cell, values.set(sample.round, value))
    },
    giveUp: ({ cell }) => void givenUp.add(cell.id),
    open: measurable,
    going() {
      const open = new Set(
        measurable()
          .filter((one) => !isDone(one))
          .map(({ cell }) => cell.id),
      )
      // A control's control too: the one that a labelled configuration is compared with has a bare copy itself.
      for (const { cell } of cells.toReversed()) {
        if (open.has(cell.id) && cell.control !== null) open.add(cell.control)
      }
      return measurable().filter(({ cell }) => open.has(cell.id))
    },
    roundsNeeded(one) {
      const values = valuesOf(one.cell.id)
      const width = relativeWidthOf(values, controlValues(one))
      // An interval narrows with the square root of the number of rounds.
      return width === null ? null : Math.ceil(values.size * (width / precision) ** 2)
    },
  }
}

/** Returns the id of the headline among the phases that the cell reports. */
function headlineOfCell({ cell, scenario }: Converging): string | null {
  return headlinePhase(scenario.meta.phases.filter(({ id }) => cell.phases.includes(id)))?.id ?? null
}
