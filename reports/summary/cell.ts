import type { Calibration } from '../../harness/contracts/calibration.ts'
import type { DriverInfo } from '../../harness/contracts/run.ts'
import type { Injected } from '../../harness/contracts/options.ts'
import type { Outcome } from '../../harness/contracts/cell.ts'
import type { CellCollector, PhaseColumns } from './collector.ts'
import { COUNTER_IDS, counterOf, type CounterId } from './counters.ts'
import { overTheRun } from './dots.ts'
import { estimate } from './estimate.ts'
import { summarizePhase } from './phase.ts'
import { additivePhases } from './phases.ts'
import { ratioAlone } from './ratio.ts'
import { shapeWarnings } from './shape.ts'
import type { Trend } from './trends.ts'
import type { Counter } from './counters.ts'
import type { EngineTax, Estimate, HeadlineRatio, PhaseSummary, Ratio } from './figures.ts'
import type { CellSummary, CountedWarning, MechanismCount } from './types.ts'
import { WarningCounter } from './warnings.ts'

/** What stands for an error without a message. */
const NO_REASON = 'no reason was recorded'

export interface CellInput {
  collected: CellCollector
  driver: DriverInfo
  outcome: Outcome
  /** Control of the cell, of the same scenario; null where there is none. */
  control: { collected: CellCollector; driver: DriverInfo } | null
  /** Ratio of the headline, judged together with those of the other cells. */
  ratio: HeadlineRatio | null
  engineTax: EngineTax | null
  trends: ReadonlyMap<PhaseColumns, Trend>
  calibration: Calibration | null
  injected: Injected | null
}

/** Summarizes the samples of one cell. */
export function summarizeCell(input: CellInput): CellSummary {
  const { collected, driver, control, outcome, ratio } = input
  const mechanisms = countMechanisms(collected.mechanisms)
  const mechanism = describeMechanisms(mechanisms)
  const phases = collected.phases.map((columns) => summarizeOne(columns, input, mechanism))
  const headline = phases.find(({ phase }) => phase === collected.headline?.phase) ?? null
  const stopped = 'reason' in outcome ? outcome : null
  return {
    cell: collected.cell,
    driver,
    control: control?.driver ?? null,
    state: outcome.state,
    code: stopped?.code ?? null,
    reason: stopped === null ? null : stopped.reason.trim() || NO_REASON,
    hint: stopped?.hint ?? null,
    samples: collected.counts,
    phases,
    headline,
    ratio,
    engineTax: input.engineTax,
    overTheRun: overTheRun(collected.headline?.values.known() ?? []),
    timeInAll: timeInAll(collected.phases),
    mechanisms,
    mechanism,
    counters: countersOf(collected),
    ledger: collected.ledger.ledger(),
    tallies: collected.tallies.summaries(),
    injected: input.injected,
    warnings: gatherWarnings(collected, mechanisms, headline),
  }
}

function summarizeOne(columns: PhaseColumns, input: CellInput, mechanism: string | null): PhaseSummary {
  const { collected, calibration, trends } = input
  const isHeadline = columns === collected.headline
  return summarizePhase(columns, {
    cell: collected.cell,
    mechanism,
    calibration,
    ratio: isHeadline ? input.ratio : ownRatio(columns, input),
    trend: trends.get(columns) ?? null,
    ledger: collected.ledger.phase(columns.phase.id),
    isDrawn: isHeadline || columns.phase.unit !== 's',
  })
}

/** Returns the ratio to the same phase of the control, which may have fewer phases: it has nothing to prepare. */
function ownRatio(columns: PhaseColumns, { collected, control }: CellInput): Ratio | null {
  const other = control?.collected.phase(columns.phase.id)
  if (control === null || other == null) return null
  return ratioAlone(collected.byRound(columns), control.collected.byRound(other))
}

/** Sample by sample; a phase that a sample does not have counts nothing. */
function timeInAll(phases: readonly PhaseColumns[]): Estimate | null {
  const additive = new Set(additivePhases(phases.map(({ phase }) => phase)))
  const columns = phases.filter(({ phase }) => additive.has(phase)).map(({ values }) => values.all())
  const [first] = columns
  if (first === undefined || columns.length < 2) return null
  const totals = Array.from(first, (_, index) =>
    columns.reduce((sum, values) => sum + (values[index] || 0), 0),
  )
  return estimate(totals)
}

function countersOf(collected: CellCollector): Record<CounterId, Counter | null> {
  const entries = COUNTER_IDS.map((id) => [id, counterOf(collected.counters[id])])
  return Object.fromEntries(entries) as Record<CounterId, Counter | null>
}

function countMechanisms(counts: ReadonlyMap<string, number>): MechanismCount[] {
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count)
}

function describeMechanisms(mechanisms: readonly MechanismCount[]): string | null {
  if (mechanisms.length <= 1) return mechanisms[0]?.name ?? null
  return mechanisms.map(({ name, count }) => `${name} (${count})`).join(', ')
}

/** Returns the warnings of the samples, and those that the samples together give reason for. */
function gatherWarnings(
  collected: CellCollector,
  mechanisms: readonly MechanismCount[],
  headline: PhaseSummary | null,
): CountedWarning[] {
  const counter = new WarningCounter()
  for (const warning of collected.warnings.list()) counter.add(warning, warning.of, warning.count)
  if (mechanisms.length > 1) {
    const count = mechanisms.slice(1).reduce((sum, mechanism) => sum + mechanism.count, 0)
    const message = 'samples of one cell show different mechanisms'
    counter.add({ code: 'witness.mechanisms-differ', message }, 'sample', count)
  }
  for (const warning of headline === null ? [] : shapeWarnings(headline)) counter.add(warning, 'cell')
  return counter.list()
}
