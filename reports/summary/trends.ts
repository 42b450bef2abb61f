import { ALPHA } from '../../harness/statistics/detection.ts'
import { drift } from '../../harness/statistics/drift.ts'
import { benjaminiHochberg } from '../../harness/statistics/multiple-testing.ts'
import { normalCdf } from '../../harness/statistics/normal.ts'
import type { CellCollector, PhaseColumns } from './collector.ts'

/** Share of false ones among the trends that are shown. */
const FALSE_DISCOVERIES = ALPHA

/** Dependence of successive samples. Null where none is shown. */
export interface Trend {
  /** Relative change over the run. */
  drift: number | null
  autocorrelation: number | null
}

/**
 * Finds drift and autocorrelation of successive samples in every phase of every cell. Hundreds are tested, so
 * both are adjusted: Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal
 * Statistical Society B 57 (1995).
 */
export function findTrends(collectors: Iterable<CellCollector>): Map<PhaseColumns, Trend> {
  const found = [...collectors].flatMap(({ phases }) =>
    phases.flatMap((columns) => {
      const values = columns.values.known()
      const trend = drift(values)
      return trend === null ? [] : [{ columns, n: values.length, ...trend }]
    }),
  )
  const drifts = benjaminiHochberg(found.map(({ p }) => p))
  const likeness = benjaminiHochberg(found.map(({ autocorrelation, n }) => pOfLikeness(autocorrelation, n)))
  const isShown = (p: number | undefined) => p !== undefined && p < FALSE_DISCOVERIES
  return new Map(
    found.map(({ columns, change, autocorrelation }, index) => [
      columns,
      {
        drift: isShown(drifts[index]) ? change : null,
        autocorrelation: isShown(likeness[index]) ? autocorrelation : null,
      },
    ]),
  )
}

/**
 * Returns the p of an autocorrelation of neighbours: for independent samples it is nearly normal with variance 1 ÷ n. M.
 * S. Bartlett, "On the theoretical specification and sampling properties of autocorrelated time-series", Supplement to
 * the Journal of the Royal Statistical Society 8 (1946).
 */
function pOfLikeness(autocorrelation: number, n: number): number {
  return 2 * normalCdf(-Math.abs(autocorrelation) * Math.sqrt(n))
}
