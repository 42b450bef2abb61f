import type { Row } from '../../harness/contracts/row.ts'
import type { Warning } from '../../harness/contracts/warning.ts'
import { finite } from './finite.ts'
import { totalOf } from './sample-counts.ts'
import type { AimedRatio, PhaseSummary } from './figures.ts'
import type { PerObject } from './ledger.ts'
import type { CellSummary, CountedWarning, Panel, Standing } from './types.ts'

/** A row for each phase that each cell reports; one without a phase where nothing was measured. */
export function rowsOf(cells: readonly CellSummary[], panels: readonly Panel[]): Row[] {
  const standings = new Map(panels.flatMap((panel) => panel.standings.map((one) => [one.cell, one])))
  return cells.flatMap((cell) => {
    const phases = cell.samples.completed === 0 ? [null] : cell.phases
    return phases.map((phase) => rowOf(cell, phase, standings.get(cell) ?? null))
  })
}

function rowOf(summary: CellSummary, phase: PhaseSummary | null, standing: Standing | null): Row {
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
    ...controlAnswer(summary, phase),
    toBest: toBestOf(summary, phase, standing),
    engineTax: engineTaxOf(summary, phase),
    ...shapeFields(phase),
    bytesWritten: phase?.bytesWritten ?? null,
    bytesAllocated: summary.counters.bytesAllocated?.median ?? null,
    ledger: ledgerOf(summary, phase),
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

function controlAnswer({ headline, ratio }: CellSummary, phase: PhaseSummary | null) {
  const answer = phase !== null && phase === headline ? (ratio?.answer ?? null) : null
  const { atLeast, rounds } = boundsOf(answer)
  return { answer: answer?.is ?? null, answerAtLeast: atLeast, answerRounds: rounds }
}

function toBestOf(
  { headline }: CellSummary,
  phase: PhaseSummary | null,
  standing: Standing | null,
): Row['toBest'] {
  const compared = standing?.elsewhere ?? headline
  if (phase === null || phase !== compared || !standing?.toBest) return null
  const { ratio, answer } = standing.toBest
  return { ratio: finite(ratio), answer: answer.is, ...boundsOf(answer) }
}

function engineTaxOf({ engineTax }: CellSummary, phase: PhaseSummary | null): Row['engineTax'] {
  const tax = engineTax?.phases.find((one) => one.phase.id === phase?.phase.id)
  if (engineTax === null || tax === undefined) return null
  const { ratio, low, high, answer } = tax.ratio
  return {
    configuration: engineTax.configuration,
    ratio: finite(ratio),
    low: finite(low),
    high: finite(high),
    answer: answer.is,
    ...boundsOf(answer),
  }
}

function boundsOf(answer: AimedRatio['answer'] | null) {
  return {
    atLeast: answer !== null && 'atLeast' in answer ? finite(answer.atLeast) : null,
    rounds: answer?.is === 'open' ? answer.rounds : null,
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

function ledgerOf({ ledger }: CellSummary, phase: PhaseSummary | null): Row['ledger'] {
  if (ledger === null || phase?.ledger == null) return null
  const { word, objects, uncounted } = ledger
  const { flushes, fuaWrites, bytesWritten, requests } = phase.ledger
  return {
    word,
    objects,
    flushes: entryOf(flushes),
    fuaWrites: entryOf(fuaWrites),
    bytesWritten: entryOf(bytesWritten),
    requests: entryOf(requests),
    uncounted,
  }
}

function entryOf(entry: PerObject | null) {
  if (entry === null) return null
  const { median, least, most, exact } = entry
  return { median, least, most, exact }
}

function withCount({ code, message, of, count }: CountedWarning, { samples }: CellSummary): Warning {
  if (of !== 'sample') return { code, message }
  const total = totalOf(samples)
  return { code, message: `${message} (${count} of ${total} samples)` }
}
