import { plural } from '../format/format.ts'
import { cellText } from './lines.ts'
import { type ComparedCell, type Comparison, isComparable, isRegression } from './types.ts'

/**
 * Returns why a gate cannot say that nothing got worse, a line for each reason; empty where every cell was judged. A cell
 * that neither run's host supports has nothing to judge.
 */
export function undecidedLines(comparison: Comparison): string[] {
  if (!isComparable(comparison)) return [...comparison.incomparableReasons]
  const judged = comparison.cells.filter((cell) => !isUnsupported(cell))
  const { onlyBaseline, onlyCandidate } = comparison
  if (judged.length + onlyBaseline.length + onlyCandidate.length === 0) return ['no cell was measured']
  const reasons = [
    ...judged.map((cell) => [reasonOf(cell), cell.candidate.cell] as const),
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

/** Returns why a cell is not judged; null where it is: a regression that is exact needs no samples. */
function reasonOf(cell: ComparedCell): string | null {
  if (isRegression(cell)) return null
  if (cell.ratio === null) return withoutSamples(cell)
  return cell.ratio.verdict === 'too-few-rounds' ? 'too few rounds to tell' : null
}

function withoutSamples({ baseline, candidate }: ComparedCell): string {
  const [was, is] = [baseline, candidate].map(({ headline }) => headline?.value ?? null)
  if (was !== null && is !== null) return 'values below 0, which have no ratio'
  if (was !== null) return 'no samples in the candidate'
  return is === null ? 'no samples' : 'no samples in the baseline'
}

function isUnsupported({ baseline, candidate }: ComparedCell): boolean {
  return baseline.state === 'unsupported' && candidate.state === 'unsupported'
}
