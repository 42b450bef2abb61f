import { plural } from '../format/format.ts'
import { gateOf } from './gate.ts'
import { cellText } from './lines.ts'
import { type Comparison, isComparable } from './types.ts'

/**
 * Returns why a gate cannot say that nothing got worse, a line for each reason; empty where every cell was judged. A cell
 * that neither run's host supports has nothing to judge.
 */
export function undecidedLines(comparison: Comparison): string[] {
  if (!isComparable(comparison)) return [...comparison.incomparableReasons]
  const judged = comparison.cells.map((cell) => [gateOf(cell, comparison), cell.candidate.cell] as const)
  const { onlyBaseline, onlyCandidate } = comparison
  if (judged.every(([{ state }]) => state === null) && onlyBaseline.length + onlyCandidate.length === 0) {
    return ['no cell was measured']
  }
  const reasons = [
    ...judged.map(([{ reason }, cell]) => [reason, cell] as const),
    ...onlyBaseline.map((cell) => ['not in the candidate', cell] as const),
    ...onlyCandidate.map((cell) => ['not in the baseline', cell] as const),
  ]
  const places = new Map<string, string[]>()
  for (const [reason, cell] of reasons) {
    if (reason !== null) places.set(reason, [...(places.get(reason) ?? []), cellText(cell)])
  }
  return [...places].map(([reason, [first = '', ...others]]) => {
    const more = others.length === 0 ? '' : ` and ${plural(others.length, 'more cell')}`
    return `${reason}: ${first}${more}`
  })
}
