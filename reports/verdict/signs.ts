/** Signs of the answers, the same at the terminal and on pages, with what they mean. They need no colour. */
import type { Answer } from '../../harness/statistics/answers.ts'
import { type CostLevel, costRatio, levelOf, type Matrix, type MatrixCell, type MatrixRow } from './matrix.ts'
import type { CellSummary } from '../summary/types.ts'

export interface Sign {
  sign: string
  meaning: string
}

const BEST: Sign = { sign: '★', meaning: 'best' }
const BEST_SO_FAR: Sign = { sign: '☆', meaning: 'best so far' }
const SAME: Sign = { sign: '=', meaning: 'about the same' }
const CHEAPER: Sign = { sign: '▼', meaning: 'cheaper' }
const DEARER: Sign = { sign: '▲', meaning: 'dearer' }
const MUCH_DEARER: Sign = { sign: '▲▲', meaning: '10×+' }
const OPEN: Sign = { sign: '?', meaning: 'not known yet' }

/** In the order of a legend. */
const SIGNS: readonly Sign[] = [BEST, BEST_SO_FAR, SAME, CHEAPER, DEARER, MUCH_DEARER, OPEN]

/** Returns the sign of a cell; null for a control, for what has no figure, and for what is not compared. */
export function signOf({ isBest, isSoFar, answer, level }: MatrixCell, kind: MatrixRow['kind']): Sign | null {
  if (kind === 'control') return null
  if (answer === null) return isBest ? (isSoFar ? BEST_SO_FAR : BEST) : null
  return signOfAnswer(answer, level)
}

function signOfAnswer({ is }: Answer, level: CostLevel | null): Sign {
  switch (is) {
    case 'same':
      return SAME
    case 'cheaper':
      return CHEAPER
    case 'dearer':
      return level === null || level < 3 ? DEARER : MUCH_DEARER
    case 'open':
      return OPEN
  }
}

/** A cell's cost beside its control. */
export interface Tax {
  sign: Sign
  level: CostLevel | null
  /** Times the control's cost, of a rate, too; null where that cannot be told. */
  factor: number | null
}

/** Returns null for a control, and where no round has both. */
export function taxOf({ headline, ratio }: CellSummary): Tax | null {
  if (ratio === null) return null
  const factor = costRatio(ratio, headline)
  const level = levelOf(ratio.answer, factor)
  return { sign: signOfAnswer(ratio.answer, level), level, factor }
}

/** Returns the signs of the costs beside controls, for a legend. */
export function taxSignsIn(cells: readonly (CellSummary | null)[]): Sign[] {
  const shown = new Set(cells.flatMap((cell) => (cell === null ? [] : (taxOf(cell)?.sign ?? []))))
  return SIGNS.filter((sign) => shown.has(sign))
}

/** `★ best  = about the same`. */
export function legendText(signs: readonly Sign[], between = '  '): string {
  return signs.map(({ sign, meaning }) => `${sign} ${meaning}`).join(between)
}

/** Returns the signs that a matrix shows, for its legend. */
export function signsIn({ rows }: Matrix): Sign[] {
  const shown = new Set(
    rows.flatMap(({ kind, cells }) =>
      cells.flatMap((cell) => (cell === null ? [] : (signOf(cell, kind) ?? []))),
    ),
  )
  return SIGNS.filter((sign) => shown.has(sign))
}
