import type { Cell } from '../../../../harness/contracts/cell.ts'
import type { ComparedPanel } from '../../../compare/panels.ts'
import { type ComparedCell, type ComparedRatio, type Comparison, outcomeOf } from '../../../compare/types.ts'
import { formatRatio, formatRatioInterval } from '../../../format/format.ts'
import { axisText } from '../../../format/axis-value.ts'
import { positionOf } from '../../../summary/axis.ts'
import { hasPlace } from '../../../summary/finite.ts'
import type { Panel } from '../../../summary/types.ts'
import type { ChartView } from './chart-view.ts'
import { axisLabel, coverageNote } from './labels.ts'
import { type Styles, styleOf } from './palette.ts'
import { extentOf, ratioScale } from './scale.ts'

/** Samples are left out: those of one run have no partner in the other. */
const NO_SAMPLES = { values: [], outliers: [] }

/** A label of more lines needs a taller row. */
const LINES_OF_A_ROW = 2
const TALLER = 1.4

/** Returns the chart of candidate ÷ baseline for each cell's headline; null where nothing can be compared. */
export function changeChart(
  { panel, byId }: ComparedPanel,
  judgedBy: Comparison['judgedBy'],
  styles: Styles,
): ChartView | null {
  const compared = panel.cells.flatMap(({ cell }) => {
    const one = byId.get(cell.id)
    return one?.ratio == null ? [] : [{ one, ratio: one.ratio }]
  })
  // A ratio to or from 0 has no place on an axis; the table has it.
  const drawn = compared.flatMap(({ one, ratio }) => {
    const value = ratio.ratio
    return hasPlace(value) ? [{ one, ratio: { ...ratio, ratio: value } }] : []
  })
  const headline = drawn[0]?.one.candidate.headline?.phase
  if (headline === undefined) return null
  const id = `${panel.id}-change`
  const dots = drawn.map(({ one, ratio }) => dotOf(one, ratio, panel, styles))
  const value = ratioScale(dots.flatMap((dot) => extentOf(dot.value, dot)))
  const told = dots.map(({ label, text }) => `${label.join(' ')} ${text}`)
  return {
    id,
    title: `${headline.title}${judgedBy === 'ratios' ? ' ÷ control' : ''}: candidate ÷ baseline`,
    alternative: `Dot chart of ratios of the candidate to the baseline: ${headline.title}. ${told.join(', ')}.`,
    note:
      `Dots are ratios of the medians, bars their intervals${coverageNote(drawn.map(({ ratio }) => ratio))}. ` +
      `${headline.better === 'lower' ? 'Left' : 'Right'} is better.${value.type === 'logarithmic' ? ' Log axis.' : ''}` +
      (drawn.length === compared.length ? '' : ' Cells with a median of 0 are in the table alone.'),
    rows: Math.ceil(dots.length * (dots.some(({ label }) => label.length > LINES_OF_A_ROW) ? TALLER : 1)),
    legend: [],
    spec: { kind: 'dots', id, value: { ...value, title: 'of the baseline' }, reference: 1, dots },
  }
}

/** A ratio that has a place on an axis. */
type Drawn = ComparedRatio & { ratio: number }

function dotOf(compared: ComparedCell, ratio: Drawn, panel: Panel, styles: Styles) {
  const { cell } = compared.candidate
  const outcome = outcomeOf(compared)
  return {
    label: [...axisLabel(cell.configuration), ...placeOf(cell, panel)],
    style: styleOf(styles, cell.configuration),
    value: ratio.ratio,
    low: hasPlace(ratio.low) ? ratio.low : null,
    high: hasPlace(ratio.high) ? ratio.high : null,
    samples: NO_SAMPLES,
    unconverged: false,
    aside: asideOf(ratio),
    text: `${formatRatio(ratio.ratio)} (${[intervalOf(ratio), outcome].filter((part) => part !== '').join('; ')})`,
  }
}

/** Returns the position on the panel's axis: `1 MiB`, `layers 8`. */
function placeOf(cell: Cell, { axis }: Panel): string[] {
  const place = positionOf(cell, axis)
  if (axis === null || place === null) return []
  const text = axisText(axis.kind, place.value, place.text)
  return [axis.kind === 'count' ? `${axis.key} ${text}` : text]
}

function asideOf({ ratio, verdict }: ComparedRatio): string {
  const isTold = verdict === 'regression' || verdict === 'improvement'
  return `${formatRatio(ratio)}${isTold ? ` ${verdict}` : ''}`
}

function intervalOf({ low, high }: ComparedRatio): string {
  return low === null ? 'no interval' : formatRatioInterval(low, high)
}
