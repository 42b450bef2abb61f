import { formatRatio, formatRatioInterval, formatValue, joinList } from '../format/format.ts'
import { convergenceText, judgementText } from '../format/ratio.ts'
import type { AimedRatio, PhaseSummary, Ratio } from '../summary/figures.ts'
import { hasPlace } from '../summary/finite.ts'
import type { CellSummary, Extremes, Panel } from '../summary/types.ts'
import type { Sentence } from './sentence.ts'

/** Fastest against slowest, and each against its control; where there are no two to compare, the one that there is. */
export function compareExtremes(panel: Panel): Sentence[] {
  const compared = panel.extremes === null ? soleDriver(panel) : [panel.extremes.best, panel.extremes.worst]
  const [first] = compared
  if (first?.headline == null) return []
  const medians = compared.map((cell) => `${cell.cell.configuration} ${medianOf(cell)}`)
  const difference = panel.extremes === null ? [] : [describeDifference(panel.extremes, first.headline)]
  const text = `${subjectOf(first)}: ${[...medians, ...difference].join(', ')}.`
  return [finding(panel, text), ...describeTax(compared).map((tax) => finding(panel, tax))]
}

/** A configuration that was measured without another to compare it with, and that does not pay elsewhere. */
function soleDriver({ biggest, elsewhere }: Panel): CellSummary[] {
  const left = biggest.filter((cell) => !elsewhere.some((other) => other.cell === cell))
  return left.filter(
    ({ driver, control, headline }) =>
      driver.role === 'driver' && control?.role !== 'driver' && headline?.value != null,
  )
}

/** A difference is claimed only where it is shown. */
function describeDifference({ best, worst, ratio }: Extremes, headline: PhaseSummary): string {
  if (ratio === null) return 'with no round in which both completed'
  if (ratio.verdict === 'different' && !hasPlace(ratio.ratio)) return describeEnd(best, worst, headline)
  const { factor, interval, word } = factorOf(headline, ratio)
  if (ratio.verdict === 'too-few-rounds') return `${factor} as measured, too few rounds to tell`
  if (ratio.verdict === 'not-shown') return judgementText(ratio)
  return `${factor} ${word} (${joinFilled([interval, convergenceText(ratio)])})`
}

/** Says what a median of 0 means, since there is no factor. */
function describeEnd(best: CellSummary, worst: CellSummary, { phase }: PhaseSummary): string {
  return phase.better === 'higher'
    ? `${worst.cell.configuration} stopped`
    : `${best.cell.configuration} is too short to be measured`
}

/** Inverts the ratio of rates, since the lower rate is the worse one. */
function factorOf({ phase }: PhaseSummary, { ratio, low, high }: Ratio) {
  if (phase.better === 'lower')
    return { factor: formatRatio(ratio), interval: formatRatioInterval(low, high), word: 'slower' }
  const inverse = (end: number | null) => (end === null ? null : 1 / end)
  const interval = formatRatioInterval(inverse(high), inverse(low))
  return { factor: formatRatio(1 / ratio), interval, word: 'less' }
}

/** `Changing one byte of a 256 MiB file (first write)`. */
function subjectOf({ cell, headline }: CellSummary): string {
  const phase = headline?.phase.title.toLowerCase() ?? ''
  return `${cell.subject} (${[phase, cell.cache === 'cold' ? 'cold cache' : ''].filter((part) => part !== '').join(', ')})`
}

function describeTax(compared: readonly CellSummary[]): string[] {
  const parts = compared.flatMap(({ cell, ratio }) =>
    ratio === null ? [] : [`${cell.configuration} ${describeRatio(ratio)}`],
  )
  return parts.length === 0 ? [] : [`Against a plain directory on the same file system: ${joinList(parts)}.`]
}

/** `1.03× (0.88 – 1.11; no difference shown; …)`. */
export function describeRatio(ratio: AimedRatio): string {
  const interval = ratio.low === null ? 'no interval' : formatRatioInterval(ratio.low, ratio.high)
  const told = joinFilled([interval, judgementText(ratio), convergenceText(ratio)])
  return `${formatRatio(ratio.ratio)} (${told})`
}

function joinFilled(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('; ')
}

function medianOf({ headline }: CellSummary): string {
  return headline === null ? '' : formatValue(headline.value?.median ?? null, headline.phase.unit)
}

function finding(panel: Panel, text: string): Sentence {
  return { tone: 'finding', scenario: panel.scenario.id, text }
}
