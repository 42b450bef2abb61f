import type { Cell } from '../../harness/contracts/cell.ts'
import { formatP, formatRatio, formatRatioInterval, formatValue } from '../format/format.ts'
import type { PhaseInfo } from '../summary/figures.ts'
import {
  type Change,
  type ComparedCell,
  type ComparedPhase,
  type Comparison,
  isImprovement,
  isRegression,
} from './types.ts'

/** One line for each regression, whole by itself: configuration, cell, from what to what, and how sure. */
export function regressionLines({ cells, judgedBy }: Comparison): string[] {
  return cells.filter(isRegression).map((cell) => regressionLine(cell, judgedBy))
}

export function regressionLine(cell: ComparedCell, judgedBy: Comparison['judgedBy']): string {
  return describeCell(cell, judgedBy, (change) => change.isRegression)
}

/** The same of what became better. */
export function improvementLines({ cells, judgedBy }: Comparison): string[] {
  return cells.filter(isImprovement).map((cell) => describeCell(cell, judgedBy, () => true))
}

function describeCell(
  compared: ComparedCell,
  judgedBy: Comparison['judgedBy'],
  isTold: (change: Change) => boolean,
): string {
  const { candidate, ratio, changes } = compared
  const counts = ['regression', 'improvement'].includes(ratio?.verdict ?? '')
  const told = [
    ...(counts ? [describeHeadline(compared, judgedBy)] : []),
    ...[...changes, ...phaseChanges(compared, judgedBy)].filter(isTold).map(({ what }) => what),
  ]
  return `${cellText(candidate.cell)}: ${told.join('; ')}`
}

/** Returns a cell as a sentence names it: `overlay2@ext4 in bigfile, 1 MiB, cold cache`. */
export function cellText({
  configuration,
  scenario,
  label,
  cache,
}: Pick<Cell, 'configuration' | 'scenario' | 'label' | 'cache'>): string {
  const place = [`${configuration} in ${scenario}`, label, ...(cache === 'cold' ? ['cold cache'] : [])]
  return place.filter((part) => part !== '').join(', ')
}

function describeHeadline(
  { baseline, candidate, ratio }: ComparedCell,
  judgedBy: Comparison['judgedBy'],
): string {
  const phase = candidate.headline?.phase
  if (ratio === null || phase === undefined) return ''
  const [was, is] = [baseline, candidate].map((cell) =>
    judgedBy === 'ratios' ? (cell.ratio?.ratio ?? null) : (cell.headline?.value?.median ?? null),
  )
  return describeChange({ phase, baseline: was ?? null, candidate: is ?? null, ratio }, judgedBy)
}

/** Returns phases beside the headline that became worse or better by more than their own threshold. */
export function phaseChanges({ phases }: ComparedCell, judgedBy: Comparison['judgedBy']): Change[] {
  return phases
    .filter(({ ratio }) => ratio?.verdict === 'regression' || ratio?.verdict === 'improvement')
    .map((phase) => ({
      what: describeChange(phase, judgedBy),
      isRegression: phase.ratio?.verdict === 'regression',
    }))
}

/**
 * `first write 251 ms → 310 ms, 1.24× (1.18 – 1.29; p < 0.001)`; `random writes 500 IOPS → 0 IOPS, stopped (p < 0.001)`;
 * `first write ÷ control 2.00× → 3.00×, 1.50× (1.41 – 1.58; p < 0.001)`.
 */
function describeChange(
  { phase, baseline, candidate, ratio }: Pick<ComparedPhase, 'phase' | 'baseline' | 'candidate' | 'ratio'>,
  judgedBy: Comparison['judgedBy'],
): string {
  if (ratio === null) return ''
  const [was, is] = [baseline, candidate].map((value) =>
    judgedBy === 'ratios' ? formatRatio(value) : formatValue(value, phase.unit),
  )
  const name = `${phase.title.toLowerCase()}${judgedBy === 'ratios' ? ' ÷ control' : ''}`
  const p = formatP(ratio.pAdjusted)
  const end = endText(ratio.ratio, phase.better)
  const change = `${name} ${was} → ${is}`
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
