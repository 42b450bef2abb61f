import { formatRatio, formatRatioInterval, formatValue, joinList } from '../format.ts'
import type { CellSummary, Extremes, Panel, PhaseSummary, Ratio } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

/** Fastest against slowest, and each against its control. */
export function compareExtremes(panel: Panel): Sentence[] {
  if (panel.extremes === null) return []
  const { best, worst, ratio } = panel.extremes
  if (best.headline === null || worst.headline === null) return []
  const subject = subjectOf(panel, best)
  const pair = [best, worst].map((cell) => `${cell.cell.driver} ${medianOf(cell)}`).join(', ')
  const difference = isDifferent(panel.extremes)
    ? describeFactor(best.headline, ratio)
    : 'no difference shown'
  const sentences: Sentence[] = [finding(panel, `${subject}: ${pair}, ${difference}.`)]
  const tax = describeTax(panel)
  if (tax !== null) sentences.push(finding(panel, tax))
  return sentences
}

/** `Changing one byte of a large file, 256 MiB (first write)`. */
function subjectOf(panel: Panel, { cell, headline }: CellSummary): string {
  const label = [cell.label, panel.axis === null ? '' : panel.title].filter((part) => part !== '').join(', ')
  return `${panel.scenario.title}, ${label} (${headline?.phase.title.toLowerCase() ?? ''})`
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

function describeTax({ extremes }: Panel): string | null {
  const compared = [extremes?.best, extremes?.worst].filter(
    (cell) => cell?.headline?.ratio != null,
  ) as CellSummary[]
  if (compared.length === 0) return null
  const parts = compared.map((cell) => {
    const ratio = cell.headline?.ratio as Ratio
    const interval = ratio.low === null ? 'no interval' : formatRatioInterval(ratio.low, ratio.high)
    const shown = excludesOne(ratio) ? '' : ', no difference shown'
    return `${cell.cell.driver} ${formatRatio(ratio.ratio)} (${interval}${shown})`
  })
  return `Against a plain directory on the same file system: ${joinList(parts)}.`
}

function medianOf({ headline }: CellSummary): string {
  return headline === null ? '' : formatValue(headline.value?.median ?? null, headline.phase.unit)
}

function finding(panel: Panel, text: string): Sentence {
  return { tone: 'finding', scenario: panel.scenario.id, text }
}
