import { additivePhases } from './phases.ts'
import type { PhaseSummary } from './figures.ts'
import type { CellSummary, Elsewhere } from './types.ts'

/** A cost outside the headline that is at least this large makes the headline alone misleading. */
export const OFF_HEADLINE_COST = {
  /** Minimum factor to the configuration's own headline, … */
  timesHeadline: 1,
  /** … to the same phase of the control, … */
  timesControl: 2,
  /** … and minimum share of the slowest headline beside it. */
  shareOfSlowest: 0.1,
} as const

/** Returns the configurations whose headline is cheap because the cost falls in another phase; never a control. */
export function findElsewhere(cells: readonly CellSummary[]): Elsewhere[] {
  const drivers = cells.filter(({ driver }) => driver.role === 'driver')
  const slowest = Math.max(...drivers.map((cell) => headlineSeconds(cell) ?? 0))
  return drivers.flatMap((cell) => {
    const headline = headlineSeconds(cell)
    const phase = headline === null ? null : dearestElsewhere(cell)
    if (headline === null || phase === null) return []
    const least = Math.max(
      headline * OFF_HEADLINE_COST.timesHeadline,
      slowest * OFF_HEADLINE_COST.shareOfSlowest,
    )
    return medianOf(phase) >= least ? [{ cell, phase }] : []
  })
}

function headlineSeconds({ headline }: CellSummary): number | null {
  return headline?.phase.unit === 's' ? (headline.value?.median ?? null) : null
}

/** Returns the longest phase outside the headline, if the control does not pay it too; null if there is none. */
function dearestElsewhere({ phases, headline }: CellSummary): PhaseSummary | null {
  const inHeadline = new Set([headline?.phase.id, ...(headline?.phase.sum ?? [])])
  const candidates = additivePhases(phases.map(({ phase }) => phase)).filter(({ id }) => !inHeadline.has(id))
  return phases
    .filter(({ phase, value }) => candidates.includes(phase) && value !== null)
    .filter(({ ratio }) => ratio === null || ratio.ratio >= OFF_HEADLINE_COST.timesControl)
    .reduce<PhaseSummary | null>((dearest, one) => (medianOf(one) > medianOf(dearest) ? one : dearest), null)
}

function medianOf(phase: PhaseSummary | null): number {
  return phase?.value?.median ?? 0
}
