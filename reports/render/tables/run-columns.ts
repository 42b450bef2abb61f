import {
  formatHalfWidth,
  formatInterval,
  formatMechanism,
  formatPercent,
  formatRatio,
  formatValue,
  NOTHING,
  plural,
} from '../../format/format.ts'
import { formatInjected } from '../../format/injected.ts'
import type { Judgement } from '../../summary/figures.ts'
import { type SampleCounts, totalOf } from '../../summary/sample-counts.ts'
import type { CellSummary } from '../../summary/types.ts'

/** A column of the table for terminals. */
export interface Column {
  title: string
  align: 'left' | 'right'
  /** Columns with the highest number go first when the terminal is narrow; 0 stays. */
  leaveOut: number
  text(cell: CellSummary): string
}

export const COLUMNS: readonly Column[] = [
  { title: 'configuration', align: 'left', leaveOut: 0, text: ({ cell }) => cell.configuration },
  { title: 'median', align: 'right', leaveOut: 0, text: medianText },
  { title: 'interval', align: 'right', leaveOut: 5, text: intervalText },
  { title: '÷ control', align: 'right', leaveOut: 1, text: ({ ratio }) => formatRatio(ratio?.ratio ?? null) },
  { title: 'unconverged', align: 'right', leaveOut: 2, text: unconvergedText },
  { title: 'difference', align: 'left', leaveOut: 4, text: differenceText },
  { title: 'sees', align: 'right', leaveOut: 7, text: seesText },
  { title: 'n', align: 'right', leaveOut: 9, text: ({ samples }) => countText(samples) },
  { title: 'of device', align: 'right', leaveOut: 6, text: limitText },
  { title: 'written', align: 'right', leaveOut: 8, text: writtenText },
  { title: 'mechanism', align: 'left', leaveOut: 10, text: ({ mechanism }) => formatMechanism(mechanism) },
  { title: 'state', align: 'left', leaveOut: 3, text: stateText },
]

function medianText({ headline }: CellSummary): string {
  return headline === null ? NOTHING : formatValue(headline.value?.median ?? null, headline.phase.unit)
}

function intervalText({ headline }: CellSummary): string {
  if (headline?.value == null) return NOTHING
  const { low, high, median } = headline.value
  return formatInterval(low, high, median, headline.phase.unit)
}

/** How far from known a headline ratio is that is not known as well as it was to be. */
function unconvergedText({ ratio }: CellSummary): string {
  if (ratio === null || ratio.converged) return NOTHING
  return ratio.halfWidth === null ? 'no interval' : formatHalfWidth(ratio.halfWidth)
}

const JUDGEMENTS: Readonly<Record<Judgement, string>> = {
  different: 'shown',
  'not-shown': 'not shown',
  'too-few-rounds': 'too few rounds',
}

function differenceText({ ratio }: CellSummary): string {
  return ratio === null ? NOTHING : JUDGEMENTS[ratio.verdict]
}

/** The smallest difference that would have been found. */
function seesText({ ratio }: CellSummary): string {
  return ratio === null || ratio.detectable === null ? NOTHING : formatPercent(ratio.detectable)
}

function countText(samples: SampleCounts): string {
  const all = totalOf(samples)
  return samples.completed === all ? String(all) : `${samples.completed} of ${all}`
}

function limitText({ headline }: CellSummary): string {
  return headline?.limit == null ? NOTHING : formatPercent(headline.limit.share)
}

function writtenText({ counters }: CellSummary): string {
  return formatValue(counters.bytesWritten?.median ?? null, 'bytes')
}

/** How the cell ended and why; of one that completed, what its figures have to be read with. */
export function stateText({ state, reason, injected, headline }: CellSummary): string {
  if (reason !== null) return `${state}: ${reason}`
  const remarks = [
    ...(injected === null ? [] : [`delay injected: ${formatInjected(injected)}`]),
    ...(headline === null || headline.modes.length < 2 ? [] : [plural(headline.modes.length, 'mode')]),
    ...(headline?.drift == null ? [] : [`drifts by ${formatPercent(headline.drift)}`]),
    ...(headline?.outliers ? [plural(headline.outliers, 'outlier')] : []),
    ...(headline?.belowFloor === true ? ['below the floor'] : []),
  ]
  return state === 'completed' && remarks.length > 0 ? remarks.join(', ') : [state, ...remarks].join(', ')
}
