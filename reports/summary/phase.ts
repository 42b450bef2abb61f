import type { Calibration } from '../../harness/contracts/calibration.ts'
import type { Cell } from '../../harness/contracts/cell.ts'
import { modes } from '../../harness/statistics/modes.ts'
import { outlierIndexes } from '../../harness/statistics/outliers.ts'
import { median } from '../../harness/statistics/quantile.ts'
import { tailQuantile } from '../../harness/statistics/tail-quantile.ts'
import type { PhaseColumns } from './collector.ts'
import { isBelowFloor, limitShareOf } from './device.ts'
import { dotsOf } from './dots.ts'
import { estimate } from './estimate.ts'
import type { Trend } from './trends.ts'
import type { PhaseSummary, Ratio } from './figures.ts'
import type { LedgerEntries } from './ledger.ts'

/** Inputs for summarizing a phase, besides its own values. */
export interface PhaseContext {
  cell: Cell
  mechanism: string | null
  calibration: Calibration | null
  ratio: Ratio | null
  trend: Trend | null
  ledger: LedgerEntries | null
  /** Whether a chart draws it. */
  isDrawn: boolean
}

export function summarizePhase(columns: PhaseColumns, context: PhaseContext): PhaseSummary {
  const { phase } = columns
  const values = columns.values.known()
  const value = estimate(values)
  const outliers = outlierIndexes(values)
  const found = modes(values)
  return {
    phase,
    value,
    p95: tailQuantile(values, 0.95),
    p99: tailQuantile(values, 0.99),
    ratio: context.ratio,
    bytesWritten: median(columns.written.known()),
    ledger: context.ledger,
    outliers: outliers.length,
    modes: found.length > 1 ? found : [],
    drift: context.trend?.drift ?? null,
    autocorrelation: context.trend?.autocorrelation ?? null,
    belowFloor: value !== null && isBelowFloor(phase, value.median, context.calibration),
    limit: limitShareOf(columns, context.cell, context.mechanism, context.calibration),
    dots: context.isDrawn && values.length > 0 ? dotsOf(values, outliers) : null,
  }
}
