import type { Estimate, PhaseInfo, PhaseSummary } from '../../../summary/figures.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import type { ChartView } from './chart-view.ts'
import { axisLabel, coverageNote, dotsNote, estimateText, samplesOf } from './labels.ts'
import { type Styles, styleOf } from './palette.ts'
import { extentOf, fittingScale } from './scale.ts'

interface Measured {
  cell: CellSummary
  own: PhaseSummary
  value: Estimate
}

/** One phase of each configuration: a dot, its interval and its samples; the best on top. */
export function dotChart(panel: Panel, phase: PhaseInfo, styles: Styles): ChartView | null {
  const measured = panel.biggest
    .flatMap((cell) => measuredOf(cell, phase))
    .sort((a, b) => (phase.better === 'lower' ? 1 : -1) * (a.value.median - b.value.median))
  if (measured.length === 0) return null
  const id = `${panel.id}-${phase.id}`
  const dots = measured.map(({ cell, own, value: { median, low, high }, value }) => ({
    label: axisLabel(cell.cell.configuration),
    style: styleOf(styles, cell.cell.configuration),
    value: median,
    low,
    high,
    samples: samplesOf(own.dots),
    unconverged: false,
    aside: own.modes.length > 1 ? `${own.modes.length} modes` : '',
    text: estimateText(value, phase.unit),
  }))
  const ends = dots.flatMap((dot) => extentOf(dot.value, dot))
  const value = { ...fittingScale(ends, phase.unit), title: `${phase.title}, ${phase.better} is better` }
  const texts = measured.map(({ cell }, nth) => `${cell.cell.configuration} ${dots[nth]?.text ?? ''}`)
  const better = `${phase.better.charAt(0).toUpperCase()}${phase.better.slice(1)} is better.`
  return {
    id,
    title: phase.title,
    alternative: `Dot chart: ${phase.title}, ${phase.better} is better. ${texts.join(', ')}.`,
    note:
      `Large dots are medians, bars their intervals${coverageNote(measured.map(({ value: own }) => own))}.` +
      `${dotsNote(
        measured.map(({ own }) => own.dots),
        'samples',
      )} ${better}${value.type === 'logarithmic' ? ' Log axis.' : ''}`,
    rows: measured.length,
    legend: [],
    spec: { kind: 'dots', id, value, reference: null, dots },
  }
}

function measuredOf(cell: CellSummary, phase: PhaseInfo): Measured[] {
  const own = cell.phases.find((one) => one.phase.id === phase.id)
  return own?.value == null ? [] : [{ cell, own, value: own.value }]
}
