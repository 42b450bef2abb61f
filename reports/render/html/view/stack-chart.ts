import { additivePhases, phasesAcross } from '../../../summary/phases.ts'
import type { PhaseInfo, PhaseSummary } from '../../../summary/figures.ts'
import type { CellSummary, Panel } from '../../../summary/types.ts'
import type { ChartView } from './chart-view.ts'
import { axisLabel, estimateText } from './labels.ts'
import { phaseClass, phaseHue } from './palette.ts'
import { linearScale } from './scale.ts'
import { phaseSwatch } from './swatch.ts'

/**
 * All phases that add up, on end; those of the headline in colour, the others grey. Null where there are not two, or
 * where the headline is no time.
 */
export function stackChart(panel: Panel): ChartView | null {
  const measured = panel.biggest
    .flatMap((cell) => (cell.timeInAll === null ? [] : [{ cell, value: cell.timeInAll }]))
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
  const texts = measured.map(
    ({ cell, value }) => `${cell.cell.configuration} ${estimateText(value, 's')} in all`,
  )
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
        label: axisLabel(cell.cell.configuration),
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
