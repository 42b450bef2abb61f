import type { Row } from '../../harness/contracts/row.ts'
import type { Warning } from '../../harness/contracts/warning.ts'
import { finite } from './finite.ts'
import { totalOf } from './sample-counts.ts'
import type { PhaseSummary } from './figures.ts'
import type { CellSummary, CountedWarning } from './types.ts'

/** A row for each phase that the cell reports; one without a phase where nothing was measured. */
export function rowsOf(summary: CellSummary): Row[] {
  if (summary.samples.completed === 0) return [rowOf(summary, null)]
  return summary.phases.map((phase) => rowOf(summary, phase))
}

function rowOf(summary: CellSummary, phase: PhaseSummary | null): Row {
  const { cell } = summary
  return {
    host: null,
    configuration: cell.configuration,
    scenario: cell.scenario,
    params: cell.params,
    cache: cell.cache,
    phase: phase?.phase.id ?? null,
    unit: phase?.phase.unit ?? null,
    better: phase?.phase.better ?? null,
    state: summary.state,
    ...valueFields(phase),
    control: summary.control?.configuration ?? null,
    ...ratioFields(summary, phase),
    ...shapeFields(phase),
    bytesWritten: phase?.bytesWritten ?? null,
    bytesAllocated: summary.counters.bytesAllocated?.median ?? null,
    mechanism: summary.mechanism,
    warnings: summary.warnings.map((warning) => withCount(warning, summary)),
    reason: summary.reason,
    hint: summary.hint,
  }
}

function valueFields(phase: PhaseSummary | null) {
  return {
    n: phase?.value?.n ?? 0,
    median: phase?.value?.median ?? null,
    low: phase?.value?.low ?? null,
    high: phase?.value?.high ?? null,
    coverage: phase?.value?.coverage ?? null,
    p95: phase?.p95?.value ?? null,
    p99: phase?.p99?.value ?? null,
  }
}

function ratioFields({ headline, ratio: ofHeadline }: CellSummary, phase: PhaseSummary | null) {
  const ratio = phase?.ratio ?? null
  const isHeadline = phase !== null && phase === headline
  return {
    ratio: finite(ratio?.ratio),
    ratioLow: finite(ratio?.low),
    ratioHigh: finite(ratio?.high),
    verdict: ratio?.verdict ?? null,
    p: ratio?.p ?? null,
    pAdjusted: ratio?.pAdjusted ?? null,
    detectable: ratio?.detectable ?? null,
    converged: isHeadline ? (ofHeadline?.converged ?? null) : null,
  }
}

function shapeFields(phase: PhaseSummary | null) {
  return {
    outliers: phase?.outliers ?? 0,
    modes: phase?.modes.map(({ center, share }) => ({ center, share })) ?? [],
    drift: phase?.drift ?? null,
    belowFloor: phase?.belowFloor ?? false,
    limitShare: phase?.limit?.share ?? null,
  }
}

function withCount({ code, message, of, count }: CountedWarning, { samples }: CellSummary): Warning {
  if (of !== 'sample') return { code, message }
  const total = totalOf(samples)
  return { code, message: `${message} (${count} of ${total} samples)` }
}
