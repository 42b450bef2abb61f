import type { Cell } from '../../harness/contracts/cell.ts'
import type { DriverInfo, Run, ScenarioInfo } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { usageError } from '../../harness/contracts/error.ts'
import { summarizeCell } from './cell.ts'
import { CellCollector } from './collector.ts'
import { comparePanels } from './comparisons.ts'
import { engineTaxes } from './engine-tax.ts'
import { compareHeadlines, countRatios, headlineRatios } from './headlines.ts'
import { groupCells } from './panels.ts'
import type { InterruptedRun } from './interrupted.ts'
import { interruptionsOf } from './interruptions.ts'
import { rowsOf } from './rows.ts'
import { findTrends } from './trends.ts'
import type { SampleCounts } from './sample-counts.ts'
import type { CellSummary, CountedWarning, Summary } from './types.ts'
import { validationOf } from './validation.ts'
import { WarningCounter } from './warnings.ts'

/** Numbers kept of a run's samples, by cell. */
export interface Collected {
  run: Run
  /** By the cell's id. */
  cells: ReadonlyMap<string, CellCollector>
  /** Number of rounds in which at least one sample completed. */
  rounds: number
  /** Seconds that all samples took. */
  seconds: number
}

/** Summarizes a run; throws as {@link collect} does. */
export function summarize(run: Run, samples: Iterable<Sample>): Summary {
  return summarizeCollected(collect(run, samples))
}

/**
 * Lets the samples pass by once; they are not kept, only some numbers of each. Throws `usage.run-inconsistent` where a
 * cell names a driver or a scenario, or a sample a cell, that the run does not describe; and whatever reading the samples
 * throws.
 */
export function collect(run: Run, samples: Iterable<Sample>): Collected {
  const cells = new Map(run.cells.map((cell) => [cell.id, new CellCollector(cell, scenarioInfo(run, cell))]))
  const rounds = new Set<number>()
  let seconds = 0
  for (const sample of samples) {
    const collected = cells.get(sample.cell)
    if (collected === undefined) throw inconsistent(run, 'has a sample of', `the cell ${sample.cell}`)
    collected.add(sample)
    seconds += sample.took
    if (sample.state === 'completed') rounds.add(sample.round)
  }
  return { run, cells, rounds: rounds.size, seconds }
}

/** Summarizes the collected samples. */
export function summarizeCollected({ run, cells: collectors, rounds, seconds }: Collected): Summary {
  const headlines = compareHeadlines(collectors)
  const ratios = headlineRatios(headlines, run.options)
  const taxes = engineTaxes(collectors, run.options, [...headlines.values()])
  const trends = findTrends(collectors.values())
  const cells = [...collectors.values()].map((collected) => {
    const { cell } = collected
    const control = collectors.get(cell.control ?? '')
    return summarizeCell({
      collected,
      driver: driverInfo(run, cell),
      outcome: run.outcomes[cell.id] ?? { state: 'pending' },
      control: control === undefined ? null : { collected: control, driver: driverInfo(run, control.cell) },
      ratio: ratios.get(cell.id) ?? null,
      engineTax: taxes.get(cell.id) ?? null,
      trends,
      calibration: run.calibration,
      injected: run.options.injected[cell.configuration] ?? null,
    })
  })
  const valuesOf = (cellId: string, phaseId?: string) => {
    const collected = collectors.get(cellId)
    if (collected === undefined) return new Map<number, number>()
    return collected.byRound(phaseId === undefined ? collected.headline : collected.phase(phaseId))
  }
  const panels = comparePanels(groupCells(run.scenarios, cells), valuesOf, run.options, [
    ...headlines.values(),
  ])
  const interruptions = interruptionsOf(run, collectors.values())
  return {
    run,
    cells,
    panels,
    rows: rowsOf(cells, panels),
    rounds,
    secondsARound: rounds === 0 ? null : seconds / rounds,
    samples: addCounts(cells),
    ratios: countRatios(ratios.values()),
    validation: validationOf(run, collectors),
    interruptions,
    warnings: allWarnings(run, cells, interruptions),
  }
}

function driverInfo(run: Run, cell: Cell): DriverInfo {
  const info = run.drivers.find(({ configuration }) => configuration === cell.configuration)
  if (info === undefined)
    throw inconsistent(run, 'measures', `the driver configuration ${cell.configuration}`)
  return info
}

function scenarioInfo(run: Run, cell: Cell): ScenarioInfo {
  const info = run.scenarios.find(({ id }) => id === cell.scenario)
  if (info === undefined) throw inconsistent(run, 'measures', `the scenario ${cell.scenario}`)
  return info
}

function inconsistent(run: Run, has: string, missing: string): Error {
  return usageError('run-inconsistent', `run ${run.id} ${has} ${missing} but does not describe it`)
}

function addCounts(cells: readonly CellSummary[]): SampleCounts {
  const total = { completed: 0, failed: 0, aborted: 0 }
  for (const { samples } of cells) {
    total.completed += samples.completed
    total.failed += samples.failed
    total.aborted += samples.aborted
  }
  return total
}

function allWarnings(
  run: Run,
  cells: readonly CellSummary[],
  interruptions: readonly InterruptedRun[],
): CountedWarning[] {
  const counter = new WarningCounter()
  for (const { interruption, differing } of interruptions) {
    if (differing.length === 0) continue
    const names = differing.map(({ configuration, scenario }) => `${configuration} in ${scenario}`).join(', ')
    const message = `the parts before and after the interruption in round ${interruption.round + 1} differ: ${names}`
    counter.add({ code: 'run.parts-differ', message }, 'run')
  }
  for (const warning of run.warnings) counter.add(warning, 'run')
  for (const cell of cells)
    for (const warning of cell.warnings) counter.add(warning, warning.of, warning.count)
  return counter.list()
}
