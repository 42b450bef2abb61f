/** Changes that are planted in simulated runs, and what a history makes of them. */
import type { HistoryChange } from '../../contracts/history.ts'
import { randomOf } from '../simulation/random.ts'

/** A change of one cell beside its control, as a share of its cost: 0.2 is 20 % more. */
export interface Planted {
  cell: number
  /** Number of the first run that has it. */
  run: number
  /** Runs over which it grows; 1 for a step. */
  over: number
  share: number
}

export const PLANTED = 20
/** Least and greatest of them, either way. */
const LEAST = 0.05
const GREATEST = 0.5
/** Every tenth grows over as many runs. */
const RAMP = 30
/** Runs between a change and a border of an epoch, or the end, at least; fewer in a short history. */
const CLEAR = 40
/** Runs that a change may be off. */
const TOLERANCE = 10

/** Returns twenty changes of sizes spread evenly by their logarithm, each in a cell of its own, where no epoch begins. */
export function plantedChanges(
  runs: number,
  cells: number,
  borders: readonly number[],
  seed: number,
): Planted[] {
  const random = randomOf(seed)
  const clear = Math.min(CLEAR, Math.floor(runs / 12))
  const places = Array.from({ length: runs }, (_, run) => run).filter((run) =>
    [0, ...borders, runs].every((border) => Math.abs(border - run) >= clear),
  )
  return Array.from({ length: PLANTED }, (_, nth) => {
    const size = LEAST * (GREATEST / LEAST) ** (nth / (PLANTED - 1))
    const share = nth % 3 === 2 ? 1 / (1 + size) - 1 : size
    const run = places[Math.floor(random.uniform() * places.length)] ?? Math.floor(runs / 2)
    return { cell: nth % cells, run, over: nth % 10 === 9 ? Math.min(RAMP, clear) : 1, share }
  })
}

/** Returns the factor of a cell's cost in a run. */
export function factorOf(planted: readonly Planted[], cell: number, run: number): number {
  return planted
    .filter((one) => one.cell === cell && run >= one.run)
    .reduce(
      (factor, { run: from, over, share }) => factor * (1 + share * Math.min(1, (run - from + 1) / over)),
      1,
    )
}

export interface Score {
  found: Planted[]
  missed: Planted[]
  /** Changes that are said of a driver, and were not planted. */
  wrong: HistoryChange[]
}

/** Compares what is said of drivers with what was planted. `runOf`, `cellOf`: numbers of a run and a cell. */
export function score(
  planted: readonly Planted[],
  changes: readonly HistoryChange[],
  runOf: (id: string) => number,
  cellOf: (id: string) => number,
): Score {
  const said = changes.filter(({ kind }) => kind === 'driver')
  const matches = (one: Planted, change: HistoryChange) => {
    const at = runOf(change.run)
    return (
      cellOf(change.cell) === one.cell &&
      at >= one.run - TOLERANCE &&
      at <= one.run + one.over + TOLERANCE &&
      (change.direction === 'worse') === one.share > 0
    )
  }
  const isFound = (one: Planted) => said.some((change) => matches(one, change))
  return {
    found: planted.filter(isFound),
    missed: planted.filter((one) => !isFound(one)),
    wrong: said.filter((change) => !planted.some((one) => matches(one, change))),
  }
}
