import { additivePhases, phasesAcross } from '../../summary/phases.ts'
import type { CellSummary, Estimate, Panel, PhaseInfo, PhaseSummary } from '../../summary/types.ts'
import type { ChartView } from './chart-spec.ts'
import { axisLabel, coverageNote, estimateText } from './labels.ts'
import type { Styles } from './line-charts.ts'
import { phaseClass, phaseHue } from './palette.ts'
import { fittingScale, linearScale } from './scale.ts'
import { phaseSwatch } from './swatch.ts'

interface Measured {
  cell: CellSummary
  value: Estimate
}

/** One phase of each configuration: a dot and its interval, the best on top. */
export function dotChart(panel: Panel, phase: PhaseInfo, styles: Styles): ChartView | null {
  const measured = panel.biggest
    .flatMap((cell) => withValue(cell, phaseOf(cell, phase)?.value ?? null))
    .sort((a, b) => (phase.better === 'lower' ? 1 : -1) * (a.value.median - b.value.median))
  if (measured.length === 0) return null
  const id = `${panel.id}-${phase.id}`
  const ends = measured.flatMap(({ value }) => [
    value.median,
    value.low ?? value.median,
    value.high ?? value.median,
  ])
  const value = { ...fittingScale(ends, phase.unit), title: `${phase.title}, ${phase.better} is better` }
  const texts = measured.map(({ cell, value: own }) => `${cell.cell.driver} ${estimateText(own, phase.unit)}`)
  return {
    id,
    title: phase.title,
    alternative: `Dot chart: ${phase.title}, ${phase.better} is better. ${texts.join(', ')}.`,
    note: `Dots are medians, bars their intervals${coverageNote(measured.map(({ value: own }) => own))}. ${capital(phase.better)} is better.${value.type === 'logarithmic' ? ' Log axis.' : ''}`,
    rows: measured.length,
    legend: [],
    spec: {
      kind: 'dots',
      id,
      value,
      dots: measured.map(({ cell, value: own }) => {
        const style = styles.get(cell.cell.driver)
        if (style === undefined) throw new Error(`no style was assigned to ${cell.cell.driver}`)
        const { low, high } = own
        const text = estimateText(own, phase.unit)
        return { label: axisLabel(cell.cell.driver), style, value: own.median, low, high, text }
      }),
    },
  }
}

/**
 * All phases that add up, on end; those of the headline in colour, the others grey. Null where there are not two, or
 * where the headline is no time.
 */
export function stackChart(panel: Panel): ChartView | null {
  const measured = panel.biggest
    .flatMap((cell) => withValue(cell, cell.timeInAll))
    .sort((a, b) => a.value.median - b.value.median)
  const phases = additivePhases(phasesAcross(panel))
  const headline = measured[0]?.cell.headline?.phase
  // Beside a rate, the times of making and removing the container layer would pass for all there is.
  if (headline?.unit !== 's' || phases.length < 2) return null
  const parts = phases.map((phase, index) => {
    const inHeadline = isPartOf(phase, headline)
    const nth = phases.slice(0, index).filter((other) => isPartOf(other, headline) === inHeadline).length
    return { phase, className: phaseClass(nth, inHeadline), hue: phaseHue(nth, inHeadline) }
  })
  const id = `${panel.id}-phases`
  const longest = Math.max(
    ...measured.map(({ cell, value }) => Math.max(value.high ?? value.median, stackedOf(cell, phases))),
  )
  const subject = panel.axis === null ? '' : `, ${measured[0]?.cell.cell.label ?? ''}`
  const texts = measured.map(({ cell, value }) => `${cell.cell.driver} ${estimateText(value, 's')} in all`)
  return {
    id,
    title: `Where the time goes${subject}`,
    alternative: `Stacked bars of ${phases.map(({ title }) => title).join(', ')}. ${texts.join(', ')}.`,
    note:
      `Bars stack the median of each phase; the line shows median and interval of their sum, sample by sample. ` +
      `Grey phases are outside “${headline.title}”.`,
    rows: measured.length,
    legend: parts.map(({ phase, className }) => phaseSwatch(phase.title, className)),
    spec: {
      kind: 'stack',
      id,
      value: { ...linearScale([longest], 's'), title: 'time' },
      bars: measured.map(({ cell, value }) => ({
        label: axisLabel(cell.cell.driver),
        low: value.low,
        high: value.high,
        total: value.median,
      })),
      parts: parts.map(({ phase, hue }) => ({
        name: phase.title,
        ...hue,
        values: measured.map(({ cell }) => phaseOf(cell, phase)?.value?.median ?? 0),
        texts: measured.map(({ cell }) => phaseText(phaseOf(cell, phase))),
      })),
    },
  }
}

function withValue(cell: CellSummary, value: Estimate | null): Measured[] {
  return value === null ? [] : [{ cell, value }]
}

function isPartOf(phase: PhaseInfo, headline: PhaseInfo | undefined): boolean {
  return headline !== undefined && (headline.id === phase.id || (headline.sum ?? []).includes(phase.id))
}

function stackedOf(cell: CellSummary, phases: readonly PhaseInfo[]): number {
  return phases.reduce((sum, phase) => sum + (phaseOf(cell, phase)?.value?.median ?? 0), 0)
}

function phaseOf(cell: CellSummary, phase: PhaseInfo): PhaseSummary | null {
  return cell.phases.find((one) => one.phase.id === phase.id) ?? null
}

function phaseText(summary: PhaseSummary | null): string {
  return summary?.value == null ? 'not measured' : estimateText(summary.value, summary.phase.unit)
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
