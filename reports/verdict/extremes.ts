import { formatRatio, formatRatioInterval, formatValue, joinList } from '../format.ts'
import type { CellSummary, Extremes, Panel, PhaseSummary, Ratio } from '../summary/types.ts'
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

function describeDifference(extremes: Extremes, headline: PhaseSummary): string {
  return isDifferent(extremes) ? describeFactor(headline, extremes.ratio) : 'no difference shown'
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

/** Shown: the interval of the paired ratio excludes 1; where it has no interval, those of the medians are apart. */
function isDifferent({ best, worst, ratio }: Extremes): boolean {
  if (ratio !== null && ratio.low !== null && ratio.high !== null) return excludesOne(ratio)
  const [a, b] = [best.headline?.value, worst.headline?.value]
  if (a?.low == null || a.high === null || b?.low == null || b.high === null) return false
  return a.high < b.low || b.high < a.low
}

function excludesOne({ low, high }: Ratio): boolean {
  return low !== null && high !== null && (low > 1 || high < 1)
}

function describeTax(compared: readonly CellSummary[]): string[] {
  const parts = compared.flatMap(({ cell, headline }) => {
    const ratio = headline?.ratio
    if (ratio == null) return []
    const interval = ratio.low === null ? 'no interval' : formatRatioInterval(ratio.low, ratio.high)
    const shown = excludesOne(ratio) ? '' : ', no difference shown'
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
