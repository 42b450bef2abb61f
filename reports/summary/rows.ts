import type { Row, Warning } from '../../harness/contracts/run.ts'
import type { CellSummary, CountedWarning, PhaseSummary } from './types.ts'

/** A row for each phase that the cell reports; one without a phase where nothing was measured. */
export function rowsOf(summary: CellSummary, control: string | null): Row[] {
  if (summary.samples.completed === 0) return [rowOf(summary, control, null)]
  return summary.phases.map((phase) => rowOf(summary, control, phase))
}

function rowOf(summary: CellSummary, control: string | null, phase: PhaseSummary | null): Row {
  const { cell } = summary
  return {
    driver: cell.driver,
    scenario: cell.scenario,
    params: cell.params,
    cache: cell.cache,
    phase: phase?.phase.id ?? null,
    unit: phase?.phase.unit ?? null,
    better: phase?.phase.better ?? null,
    state: summary.state,
    n: phase?.value?.n ?? 0,
    median: phase?.value?.median ?? null,
    low: phase?.value?.low ?? null,
    high: phase?.value?.high ?? null,
    coverage: phase?.value?.coverage ?? null,
    p95: phase?.p95 ?? null,
    control,
    ratio: phase?.ratio?.ratio ?? null,
    ratioLow: phase?.ratio?.low ?? null,
    ratioHigh: phase?.ratio?.high ?? null,
    bytesWritten: phase?.bytesWritten ?? null,
    bytesAllocated: summary.bytesAllocated,
    mechanism: summary.mechanism,
    warnings: summary.warnings.map((warning) => withCount(warning, summary)),
    reason: summary.reason,
    hint: summary.hint,
  }
}

function withCount({ code, message, count }: CountedWarning, { samples }: CellSummary): Warning {
  const total = samples.completed + samples.failed + samples.aborted
  return { code, message: `${message} (${count} of ${total} samples)` }
}
