/** Which cells still need rounds, and how many more they may take. */
import { headlinePhase } from '../contracts/phase.ts'
import { comparedWith, type Cell } from '../contracts/cell.ts'
import type { RunOptions } from '../contracts/options.ts'
import type { Sample } from '../contracts/sample.ts'
import type { ScenarioInfo } from '../contracts/run.ts'
import { answerTogether, type Answered } from '../statistics/answers.ts'
import { type ByRound, pairedRatio, type PairedRatio } from '../statistics/paired-ratio.ts'
import { hasConverged, relativeWidthOf } from '../statistics/precision.ts'
import { halfWidthOf, isSettled, precisionFor } from '../statistics/settled.ts'

/** Parts of a `ReadyCell` that decide when it is done. */
export interface Converging {
  cell: Pick<Cell, 'id' | 'control' | 'withoutEngine' | 'phases'>
  scenario: { meta: { phases: readonly ScenarioInfo['phases'][number][] } }
}

export interface Convergence<C extends Converging> {
  add(sample: Pick<Sample, 'cell' | 'round' | 'state' | 'phases'>): void
  /** A cell that is given up is not measured again, and those that it is the control of are not compared with it. */
  giveUp(cell: C): void
  /** All cells but those given up: who is measured in the rounds that there are at least. */
  open(): C[]
  /** Judges all cells again, after a round. Returns those that still go on, in the order given. */
  going(): C[]
  /** How many rounds a cell may need in all, by the noise of the rounds so far; null: not to be told yet. */
  roundsNeeded(cell: C): number | null
}

/** What a run asks of its ratios. */
export type Aim = Pick<RunOptions, 'precision' | 'same'>

/** How far a cell has come. */
interface Progress {
  settled: boolean
  roundsNeeded: number | null
}

/**
 * A cell is done once its answer is there and its headline ratio known well enough, and stays so: it takes no time from the
 * others. One that another is compared with goes on as long as that one does, since only rounds that have both count.
 */
export function trackConvergence<C extends Converging>(cells: readonly C[], aim: Aim): Convergence<C> {
  const headlines = new Map<string, Map<number, number>>()
  const done = new Set<string>()
  const givenUp = new Set<string>()
  const headlineOf = new Map(cells.map((one) => [one.cell.id, headlineOfCell(one)]))
  const controls = new Set(cells.map(({ cell }) => cell.control))
  /** By the cell's id; null after something was added. */
  let judged: ReadonlyMap<string, Progress> | null = null

  const valuesOf = (id: string): ByRound => headlines.get(id) ?? new Map()
  const controlOf = ({ cell }: C) =>
    cell.control === null || givenUp.has(cell.control) ? null : valuesOf(cell.control)
  const measurable = () => cells.filter(({ cell }) => !givenUp.has(cell.id))

  function progress(): ReadonlyMap<string, Progress> {
    judged ??= judgeCells(
      cells.map((one) => ({ id: one.cell.id, values: valuesOf(one.cell.id), control: controlOf(one) })),
      aim,
    )
    return judged
  }

  /** The control itself has no ratio: it is measured for those that do. */
  function isDone({ cell: { id, control } }: C): boolean {
    if (done.has(id)) return true
    const follows = control === null && controls.has(id)
    if (follows || progress().get(id)?.settled === true) done.add(id)
    return done.has(id)
  }

  return {
    add(sample) {
      const phase = headlineOf.get(sample.cell)
      const value = phase == null ? undefined : sample.phases[phase]
      if (sample.state !== 'completed' || value === undefined) return
      const values = headlines.get(sample.cell) ?? new Map<number, number>()
      headlines.set(sample.cell, values.set(sample.round, value))
      judged = null
    },
    giveUp({ cell }) {
      givenUp.add(cell.id)
      judged = null
    },
    open: measurable,
    going() {
      const open = new Set(
        measurable()
          .filter((one) => !isDone(one))
          .map(({ cell }) => cell.id),
      )
      // A control's control too: the one that a labelled configuration is compared with has a bare copy itself.
      for (const { cell } of cells.toReversed()) {
        if (open.has(cell.id)) for (const id of comparedWith(cell)) open.add(id)
      }
      return measurable().filter(({ cell }) => open.has(cell.id))
    },
    roundsNeeded: ({ cell }) => progress().get(cell.id)?.roundsNeeded ?? null,
  }
}

interface Measured {
  id: string
  values: ByRound
  /** Null where it is compared with nothing. */
  control: ByRound | null
}

/** Judges all cells that have a control together, as the report does, and each of the others by its own median. */
function judgeCells(cells: readonly Measured[], aim: Aim): Map<string, Progress> {
  const compared = cells.flatMap((cell) => {
    const paired = cell.control === null ? null : pairedRatio(cell.values, cell.control)
    return paired === null ? [] : [{ ...cell, paired }]
  })
  const answers = answerTogether(
    compared.map(({ paired: { logRatios } }) => ({ logRatios, pickedFrom: 1 })),
    aim.same,
  )
  const alone = cells
    .filter(({ control }) => control === null)
    .map(({ id, values }) => [id, byItself(values, aim)] as const)
  const together = compared.map(
    (cell, index) => [cell.id, besideControl(cell, answers[index] as Answered, aim)] as const,
  )
  return new Map([...alone, ...together])
}

function byItself(values: ByRound, { precision }: Aim): Progress {
  return {
    settled: hasConverged(values, null, precision),
    roundsNeeded: roundsToWidth(values.size, relativeWidthOf(values, null), precision),
  }
}

function besideControl(
  { values, control, paired: { ratio, pairs } }: Measured & { paired: PairedRatio },
  answered: Answered,
  { precision }: Aim,
): Progress {
  const halfWidth = relativeWidthOf(values, control) ?? halfWidthOf(answered)
  const toWidth = roundsToWidth(pairs, halfWidth, precisionFor(ratio, precision))
  const toAnswer = answered.answer.is === 'open' ? answered.answer.rounds : pairs
  return {
    settled: isSettled(answered, { ratio, halfWidth }, precision),
    roundsNeeded: toWidth === null || toAnswer === null ? null : Math.max(toWidth, toAnswer),
  }
}

/** An interval narrows with the square root of the number of rounds. */
function roundsToWidth(rounds: number, halfWidth: number | null, precision: number): number | null {
  return halfWidth === null ? null : Math.ceil(rounds * (halfWidth / precision) ** 2)
}

/** Returns the id of the headline among the phases that the cell reports. */
function headlineOfCell({ cell, scenario }: Converging): string | null {
  return headlinePhase(scenario.meta.phases.filter(({ id }) => cell.phases.includes(id)))?.id ?? null
}
