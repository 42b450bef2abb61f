/** Which driver for what: for each question the best, what to avoid, why, and from where on. Pure data in base units. */
import { positionOf } from '../summary/axis.ts'
import type { CellSummary } from '../summary/types.ts'
import { type BreakEven, breakEven, type Excess } from './break-even.ts'
import type { Matrix, MatrixCell, MatrixQuestion } from './matrix.ts'

export interface Advice {
  question: MatrixQuestion
  /** The best, then what is shown to cost about the same or less. Empty where nothing was measured. */
  best: readonly MatrixCell[]
  /** What is shown to be dearer than the best, or pays in another phase: at least twice as dear as measured; the dearest first. */
  avoid: readonly Avoided[]
  /** What is not known yet to be dearer, cheaper or about the same, and pays nowhere else. */
  open: readonly MatrixCell[]
}

export interface Avoided {
  cell: MatrixCell
  /** Shown times the best's cost, at least; null where it is not shown. */
  atLeast: number | null
  /** Where it becomes dearer than the best, by {@link EXCESSES} in their order; null where that cannot be told. */
  breakEvens: readonly (BreakEven | null)[]
}

/** Amounts of seconds and a factor, from which on a cost is felt. */
export const EXCESSES: readonly Excess[] = [{ by: 0.01 }, { by: 0.1 }, { times: 2 }]

/** Times the best's cost from which on a configuration is to be avoided. */
const AVOIDED_FROM = 2

/** Returns the advice for each question of the matrix, in their order. */
export function adviceOf({ questions, rows }: Matrix): Advice[] {
  return questions.map((question, index) => {
    const cells = rows.flatMap((row) => (row.kind === 'driver' ? (row.cells[index] ?? []) : []))
    const best = cells.find(({ isBest }) => isBest)
    const avoid = best === undefined ? [] : cells.filter(isAvoided).toSorted(byFactor)
    return {
      question,
      best: [...(best === undefined ? [] : [best]), ...cells.filter(isAsGood)],
      avoid: avoid.map((cell) => ({
        cell,
        atLeast: cell.answer?.is === 'dearer' ? cell.answer.atLeast : null,
        breakEvens: EXCESSES.map((excess) => breakEvenOf(question, cell, best as MatrixCell, excess)),
      })),
      open: cells.filter((cell) => cell.answer?.is === 'open' && !avoid.includes(cell)),
    }
  })
}

function isAsGood({ answer, isElsewhere }: MatrixCell): boolean {
  return !isElsewhere && (answer?.is === 'same' || answer?.is === 'cheaper')
}

function isAvoided({ factor, answer, isElsewhere, isBest }: MatrixCell): boolean {
  if (isBest) return false
  // Without a factor the best takes no time, or this one stopped.
  return (answer?.is === 'dearer' || isElsewhere) && (factor ?? Number.POSITIVE_INFINITY) >= AVOIDED_FROM
}

function byFactor(a: MatrixCell, b: MatrixCell): number {
  return (b.factor ?? Number.MAX_VALUE) - (a.factor ?? Number.MAX_VALUE)
}

/** Compares the phase that the matrix shows of the one with the headline of the other, wherever both were measured. */
function breakEvenOf(
  { panel, phase }: MatrixQuestion,
  { cell, phase: own }: MatrixCell,
  best: MatrixCell,
  excess: Excess,
): BreakEven | null {
  if (panel.axis === null || phase === null || own === null) return null
  if (phase.unit !== 's' && 'by' in excess) return null
  const costs = panel.axis.values.flatMap((value) => {
    const at = (other: CellSummary) =>
      panel.cells.find(
        (one) =>
          one.cell.configuration === other.cell.configuration && positionOf(one.cell, panel.axis) === value,
      )
    const paid = costOf(at(cell), own.phase.id)
    const least = costOf(at(best.cell), phase.id)
    return paid === null || least === null ? [] : [{ x: value.value, own: paid, other: least }]
  })
  return breakEven(costs, excess)
}

/** Returns the median of a phase, of a rate its inverse: seconds an operation. */
function costOf(cell: CellSummary | undefined, id: string): number | null {
  const found = cell?.phases.find(({ phase }) => phase.id === id)
  if (found?.value == null) return null
  return found.phase.better === 'higher' ? 1 / found.value.median : found.value.median
}
