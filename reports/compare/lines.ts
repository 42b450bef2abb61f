import type { Cell } from '../../harness/contracts/cell.ts'
import { formatP, formatRatio, formatRatioInterval, formatValue } from '../format/format.ts'
import type { PhaseInfo } from '../summary/figures.ts'
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

/** `first write 251 ms → 310 ms, 1.24× (1.18 – 1.29; p < 0.001)`; `random writes 500 IOPS → 0 IOPS, stopped (p < 0.001)`. */
function describeRatio({ baseline, candidate, ratio }: ComparedCell): string {
  if (ratio === null || candidate.headline === null) return ''
  const { title, better } = candidate.headline.phase
  const change = `${title.toLowerCase()} ${medianText(baseline)} → ${medianText(candidate)}`
  const p = formatP(ratio.pAdjusted)
  const end = endText(ratio.ratio, better)
  return end === null
    ? `${change}, ${formatRatio(ratio.ratio)} (${formatRatioInterval(ratio.low, ratio.high)}; ${p})`
    : `${change}, ${end} (${p})`
}

/** Returns what a median of 0 in one of the runs means, since there is no factor; null where neither is 0. */
function endText(ratio: number | null, better: PhaseInfo['better']): string | null {
  if (ratio === 0) return better === 'higher' ? 'stopped' : 'too short to be measured'
  if (ratio === Infinity) return better === 'higher' ? 'stopped before' : 'too short to be measured before'
  return null
}

function medianText({ headline }: CellSummary): string {
  return headline === null ? '' : formatValue(headline.value?.median ?? null, headline.phase.unit)
}
