import type { Cell, DriverInfo, Outcome, Sample, ScenarioInfo, Warning } from '../../harness/contracts/run.ts'
import { type ByRound, pairedRatio } from '../../harness/statistics/paired-ratio.ts'
import { median, p95 } from '../../harness/statistics/quantile.ts'
import { estimate } from './estimate.ts'
import { additivePhases, bytesWrittenIn, headlineOf, phasesOf, valueOf } from './phases.ts'
import type {
  CellSummary,
  CountedWarning,
  Estimate,
  MechanismCount,
  PhaseInfo,
  PhaseSummary,
} from './types.ts'
import { WarningCounter } from './warnings.ts'

export interface CellInput {
  cell: Cell
  driver: DriverInfo
  scenario: ScenarioInfo
  outcome: Outcome
  samples: readonly Sample[]
  /** The cell's control, of the same scenario; null where it has none. */
  control: { cell: Cell; samples: readonly Sample[] } | null
}

/** What the samples of one cell say. */
export function summarizeCell(input: CellInput): CellSummary {
  const { cell, driver, scenario, outcome, samples } = input
  const completed = samples.filter((sample) => sample.state === 'completed')
  const reported = phasesOf(cell, scenario)
  const phases = reported.map((phase) => summarizePhase(phase, completed, controlValues(input, phase)))
  const headline = headlineOf(reported)
  const mechanisms = countMechanisms(completed)
  const stopped = 'reason' in outcome ? outcome : null
  return {
    cell,
    driver,
    state: outcome.state,
    reason: stopped?.reason ?? null,
    hint: stopped?.hint ?? null,
    samples: countStates(samples),
    phases,
    headline: phases.find(({ phase }) => phase === headline) ?? null,
    timeInAll: timeInAll(additivePhases(reported), completed),
    mechanisms,
    mechanism: describeMechanisms(mechanisms),
    bytesWritten: medianOf(completed, (sample) => sample.io['total']?.bytesWritten),
    bytesAllocated: medianOf(completed, (sample) => sample.allocated?.bytes),
    bytesChanged: medianOf(completed, (sample) => sample.witness?.bytesChanged),
    writeAmplification: medianOf(completed, writeAmplification),
    warnings: gatherWarnings(samples, mechanisms),
  }
}

/** How many samples ended in each state. */
export function countStates(samples: readonly Sample[]): CellSummary['samples'] {
  const counts = { completed: 0, failed: 0, aborted: 0 }
  for (const sample of samples) counts[sample.state] += 1
  return counts
}

/** The phase's values of completed samples, by round, for comparison with those of another cell. */
export function valuesByRound(phase: PhaseInfo, samples: readonly Sample[]): Map<number, number> {
  const values = new Map<number, number>()
  for (const sample of samples) {
    const value = sample.state === 'completed' ? valueOf(sample, phase) : null
    if (value !== null) values.set(sample.round, value)
  }
  return values
}

/** A control may report fewer parts of a sum than the cell: it has nothing to prepare. */
function controlValues({ control, scenario }: CellInput, phase: PhaseInfo): ByRound {
  const own = control === null ? null : phasesOf(control.cell, scenario).find(({ id }) => id === phase.id)
  return control === null || own == null ? new Map() : valuesByRound(own, control.samples)
}

function summarizePhase(phase: PhaseInfo, completed: readonly Sample[], control: ByRound): PhaseSummary {
  const values = completed.map((sample) => valueOf(sample, phase)).filter((value) => value !== null)
  return {
    phase,
    value: estimate(values),
    p95: p95(values),
    ratio: pairedRatio(valuesByRound(phase, completed), control),
    bytesWritten: medianOf(completed, (sample) => bytesWrittenIn(sample, phase)),
  }
}

function timeInAll(phases: readonly PhaseInfo[], completed: readonly Sample[]): Estimate | null {
  if (phases.length < 2) return null
  const totals = completed.map((sample) =>
    phases.reduce((sum, phase) => sum + (valueOf(sample, phase) ?? 0), 0),
  )
  return estimate(totals)
}

function medianOf(
  samples: readonly Sample[],
  read: (sample: Sample) => number | null | undefined,
): number | null {
  return median(samples.map(read).filter((value) => value !== null && value !== undefined))
}

function writeAmplification(sample: Sample): number | null {
  const written = sample.io['total']?.bytesWritten
  const changed = sample.witness?.bytesChanged
  return written === undefined || !changed ? null : written / changed
}

function countMechanisms(completed: readonly Sample[]): MechanismCount[] {
  const counts = new Map<string, number>()
  for (const sample of completed) {
    const name = sample.witness?.mechanism
    if (name) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => b.count - a.count)
}

function describeMechanisms(mechanisms: readonly MechanismCount[]): string | null {
  if (mechanisms.length <= 1) return mechanisms[0]?.name ?? null
  return mechanisms.map(({ name, count }) => `${name} (${count})`).join(', ')
}

function gatherWarnings(samples: readonly Sample[], mechanisms: readonly MechanismCount[]): CountedWarning[] {
  const counter = new WarningCounter()
  for (const sample of samples) {
    for (const warning of onePerCode(sample.warnings)) counter.add(warning)
    if (sample.state === 'completed') continue
    const message = `samples ${sample.state}: ${sample.reason ?? 'no reason was recorded'}`
    counter.add({ code: `sample.${sample.state}`, message })
  }
  if (mechanisms.length > 1) {
    const count = mechanisms.slice(1).reduce((sum, mechanism) => sum + mechanism.count, 0)
    counter.add(
      { code: 'witness.mechanisms-differ', message: 'samples of one cell show different mechanisms' },
      count,
    )
  }
  return counter.list()
}

function onePerCode(warnings: readonly Warning[]): Iterable<Warning> {
  return new Map(warnings.map((warning) => [warning.code, warning])).values()
}
