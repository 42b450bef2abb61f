import { formatRatio, formatRatioInterval, formatValue, joinList } from '../format.ts'
import type { CellSummary, Extremes, Panel, PhaseSummary, Ratio } from '../summary/types.ts'
import { judge } from '../summary/judgement.ts'
import type { Sentence } from './sentence.ts'

/** Fastest against slowest, and each against its control; where there are no two to compare, the one that there is. */
export function compareExtremes(panel: Panel): Sentence[] {
  const compared = panel.extremes === null ? soleDriver(panel) : [panel.extremes.best, panel.extremes.worst]
  const [first] = compared
  if (first?.headline == null) return []
  const medians = compared.map((cell) => `${cell.cell.driver} ${medianOf(cell)}`)
  const difference = panel.extremes === null ? [] : [describeDifference(panel.extremes, first.headline)]
  const text = `${subjectOf(first)}: ${[...medians, ...difference].join(', ')}.`
  return [finding(panel, text), ...describeTax(compared).map((tax) => finding(panel, tax))]
}

/** A configuration that was measured without another to compare it with, and that does not pay elsewhere. */
function soleDriver({ biggest, elsewhere }: Panel): CellSummary[] {
  const left = biggest.filter((cell) => !elsewhere.some((other) => other.cell === cell))
  return left.filter(({ driver, headline }) => driver.role === 'driver' && headline?.value != null)
}

function describeDifference({ best, worst, ratio }: Extremes, headline: PhaseSummary): string {
  if (ratio === null) return areApart(best, worst) ? describeFactor(headline, null) : 'no difference shown'
  const judgement = judge(ratio)
  if (judgement === 'not shown') return 'no difference shown'
  const factor = describeFactor(headline, ratio)
  return judgement === 'different' ? factor : `${factor} (too few rounds to be sure)`
}

/** `Changing one byte of a 256 MiB file (first write)`. */
function subjectOf({ cell, headline }: CellSummary): string {
  const phase = headline?.phase.title.toLowerCase() ?? ''
  return `${cell.subject} (${[phase, cell.cache === 'cold' ? 'cold cache' : ''].filter((part) => part !== '').join(', ')})`
}

function describeFactor({ phase }: PhaseSummary, ratio: Ratio | null): string {
  if (ratio === null) return 'with no round in which both completed'
  if (phase.better === 'lower') return `${formatRatio(ratio.ratio)} slower`
  return `${formatRatio(1 / ratio.ratio)} less`
}

/** Without a round in which both completed, the intervals of their medians have to do. */
function areApart(best: CellSummary, worst: CellSummary): boolean {
  const [a, b] = [best.headline?.value, worst.headline?.value]
  if (a?.low == null || a.high === null || b?.low == null || b.high === null) return false
  return a.high < b.low || b.high < a.low
}

const SHOWN = {
  different: '',
  'not shown': ', no difference shown',
  'too few rounds': ', too few rounds to be sure',
} as const

function describeTax(compared: readonly CellSummary[]): string[] {
  const parts = compared.flatMap(({ cell, headline }) => {
    const ratio = headline?.ratio
    if (ratio == null) return []
    const interval = ratio.low === null ? 'no interval' : formatRatioInterval(ratio.low, ratio.high)
    const shown = SHOWN[judge(ratio)]
    return [`${cell.driver} ${formatRatio(ratio.ratio)} (${interval}${shown})`]
  })
  return parts.length === 0 ? [] : [`Against a plain directory on the same file system: ${joinList(parts)}.`]
}

function medianOf({ headline }: CellSummary): string {
  return headline === null ? '' : formatValue(headline.value?.median ?? null, headline.phase.unit)
}

function finding(panel: Panel, text: string): Sentence {
  return { tone: 'finding', scenario: panel.scenario.id, text }
}
