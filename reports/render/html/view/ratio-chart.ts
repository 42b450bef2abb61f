import { formatHalfWidth, formatRatio, formatRatioInterval } from '../../../format/format.ts'
import { ANSWERS } from '../../../format/answer.ts'
import type { HeadlineRatio } from '../../../summary/figures.ts'
import { hasPlace } from '../../../summary/finite.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import type { ChartView } from './chart-view.ts'
import { axisLabel, coverageNote, dotsNote, samplesOf } from './labels.ts'
import { type Styles, styleOf } from './palette.ts'
import { extentOf, ratioScale } from './scale.ts'

/**
 * Returns the chart of each configuration's headline ÷ its control's, the dearest last; null where nothing has a control.
 */
export function ratioChart(panel: Panel, styles: Styles): ChartView | null {
  const better = panel.cells.find(({ headline }) => headline !== null)?.headline?.phase.better ?? 'lower'
  const compared = panel.biggest
    .flatMap((cell) => (cell.ratio === null ? [] : [{ cell, ratio: cell.ratio }]))
    .sort((a, b) => (better === 'lower' ? 1 : -1) * (a.ratio.ratio - b.ratio.ratio))
  // A ratio to or from 0 has no place on an axis; the table has it.
  const drawn = compared.filter(({ ratio }) => hasPlace(ratio.ratio))
  const headline = drawn[0]?.cell.headline?.phase
  if (headline === undefined) return null
  const id = `${panel.id}-ratio`
  const subject = panel.axis === null ? '' : `, ${drawn[0]?.cell.cell.label ?? ''}`
  const dots = drawn.map(({ cell, ratio }) => dotOf(cell, ratio, styles))
  const value = ratioScale(dots.flatMap((dot) => extentOf(dot.value, dot)))
  const told = drawn.map(({ cell, ratio }) => `${cell.cell.configuration} ${textOf(ratio)}`)
  const dashed = drawn.some(({ ratio }) => !ratio.converged)
    ? ', dashed where it is not known as well as it was to be'
    : ''
  return {
    id,
    title: `${headline.title} ÷ control${subject}`,
    alternative: `Dot chart of ratios to the control: ${headline.title}${subject}. ${told.join(', ')}.`,
    note:
      `Large dots are medians of the ratios of each round, bars their intervals` +
      `${coverageNote(drawn.map(({ ratio }) => ratio))}${dashed}.` +
      `${dotsNote(
        drawn.map(({ ratio }) => ratio.dots),
        'rounds',
      )} ${better === 'lower' ? 'Left' : 'Right'} is better.${value.type === 'logarithmic' ? ' Log axis.' : ''}` +
      (drawn.length === compared.length ? '' : ' Cells with a median of 0 are in the table alone.'),
    rows: drawn.length,
    legend: [],
    spec: { kind: 'dots', id, value: { ...value, title: 'of the control' }, reference: 1, dots },
  }
}

function dotOf({ cell }: CellSummary, ratio: HeadlineRatio, styles: Styles) {
  return {
    label: axisLabel(cell.configuration),
    style: styleOf(styles, cell.configuration),
    value: ratio.ratio,
    low: hasPlace(ratio.low) ? ratio.low : null,
    high: hasPlace(ratio.high) ? ratio.high : null,
    samples: samplesOf(ratio.dots),
    unconverged: !ratio.converged,
    aside: asideOf(ratio),
    text: textOf(ratio),
  }
}

/** `1.03×`, `220× ± 14 %`: with the half-width where it is larger than it was to be. */
function asideOf({ ratio, converged, halfWidth }: HeadlineRatio): string {
  const width = converged || halfWidth === null ? '' : ` ${formatHalfWidth(halfWidth)}`
  return `${formatRatio(ratio)}${width}`
}

function textOf(ratio: HeadlineRatio): string {
  const interval = ratio.low === null ? [] : [formatRatioInterval(ratio.low, ratio.high)]
  return `${formatRatio(ratio.ratio)} (${[...interval, ANSWERS[ratio.answer.is]].join('; ')})`
}
