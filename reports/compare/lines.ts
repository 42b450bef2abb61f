import type { Cell } from '../../harness/contracts/cell.ts'
import { formatP, formatRatio, formatRatioInterval, formatValue } from '../format/format.ts'
import type { CellSummary } from '../summary/types.ts'
import { type ComparedCell, type Comparison, isImprovement, isRegression } from './types.ts'

/** One line for each regression, whole by itself: configuration, cell, from what to what, and how sure. */
export function regressionLines({ cells }: Comparison): string[] {
  return cells.filter(isRegression).map((cell) => describeCell(cell, (change) => change.isRegression))
}

/** The same of what became better. */
export function improvementLines({ cells }: Comparison): string[] {
  return cells.filter(isImprovement).map((cell) => describeCell(cell, () => true))
}

function describeCell(
  compared: ComparedCell,
  isTold: (change: ComparedCell['changes'][number]) => boolean,
): string {
  const { candidate, ratio, changes } = compared
  const counts = ['regression', 'improvement'].includes(ratio?.verdict ?? '')
  const told = [
    ...(counts ? [describeRatio(compared)] : []),
    ...changes.filter(isTold).map(({ what }) => what),
  ]
  return `${cellText(candidate.cell)}: ${told.join('; ')}`
}

/** Returns a cell as a sentence names it: `overlay2@ext4 in bigfile, 1 MiB, cold cache`. */
export function cellText({ configuration, scenario, label, cache }: Cell): string {
  const place = [`${configuration} in ${scenario}`, label, ...(cache === 'cold' ? ['cold cache'] : [])]
  return place.filter((part) => part !== '').join(', ')
}

/** `first write 251 ms → 310 ms, 1.24× (1.18 – 1.29; p < 0.001)`. */
function describeRatio({ baseline, candidate, ratio }: ComparedCell): string {
  if (ratio === null || candidate.headline === null) return ''
  const phase = candidate.headline.phase.title.toLowerCase()
  const sure = `${formatRatioInterval(ratio.low, ratio.high)}; ${formatP(ratio.pAdjusted)}`
  return `${phase} ${medianText(baseline)} → ${medianText(candidate)}, ${formatRatio(ratio.ratio)} (${sure})`
}

function medianText({ headline }: CellSummary): string {
  return headline === null ? '' : formatValue(headline.value?.median ?? null, headline.phase.unit)
}
