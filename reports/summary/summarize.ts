import type { Cell, DriverInfo, Run, Sample, ScenarioInfo } from '../../harness/contracts/run.ts'
import { usageError } from '../../harness/contracts/error.ts'
import { groupBy } from '../group-by.ts'
import { countStates, summarizeCell } from './cell.ts'
import { compareCells } from './comparisons.ts'
import { groupCells } from './panels.ts'
import { rowsOf } from './rows.ts'
import type { CellSummary, CountedWarning, Summary } from './types.ts'
import { WarningCounter } from './warnings.ts'

/**
 * What a run says: pure, linear in the samples but for sorting each cell's own.
 * Throws `usage.run-inconsistent` where a cell names a driver or a scenario that the run does not describe.
 */
export function summarize(run: Run, samples: readonly Sample[]): Summary {
  const byCell = groupBy(samples, (sample) => sample.cell)
  const samplesOf = (cellId: string) => byCell.get(cellId) ?? []
  const cellOf = new Map(run.cells.map((cell) => [cell.id, cell]))
  const cells = run.cells.map((cell) => summarizeOne(run, cell, cellOf.get(cell.control ?? ''), samplesOf))
  return {
    run,
    cells,
    panels: groupCells(run.scenarios, cells).map((group, index) =>
      compareCells(group, `${group.scenario.id}-${index + 1}`, samplesOf),
    ),
    rows: cells.flatMap((summary) => rowsOf(summary, cellOf.get(summary.cell.control ?? '')?.driver ?? null)),
    rounds: countRounds(samples),
    samples: countStates(samples),
    warnings: allWarnings(run, cells),
  }
}

function summarizeOne(
  run: Run,
  cell: Cell,
  control: Cell | undefined,
  samplesOf: (cellId: string) => readonly Sample[],
): CellSummary {
  return summarizeCell({
    cell,
    driver: driverInfo(run, cell),
    scenario: scenarioInfo(run, cell),
    outcome: run.outcomes[cell.id] ?? { state: 'pending' },
    samples: samplesOf(cell.id),
    control: control === undefined ? null : { cell: control, samples: samplesOf(control.id) },
  })
}

function driverInfo(run: Run, cell: Cell): DriverInfo {
  const info = run.drivers.find(({ config }) => config === cell.driver)
  if (info === undefined) throw inconsistent(run, `the driver configuration ${cell.driver}`)
  return info
}

function scenarioInfo(run: Run, cell: Cell): ScenarioInfo {
  const info = run.scenarios.find(({ id }) => id === cell.scenario)
  if (info === undefined) throw inconsistent(run, `the scenario ${cell.scenario}`)
  return info
}

function inconsistent(run: Run, missing: string): Error {
  return usageError('run-inconsistent', `run ${run.id} measures ${missing} but does not describe it`)
}

function countRounds(samples: readonly Sample[]): number {
  const rounds = new Set<number>()
  for (const sample of samples) if (sample.state === 'completed') rounds.add(sample.round)
  return rounds.size
}

function allWarnings(run: Run, cells: readonly CellSummary[]): CountedWarning[] {
  const counter = new WarningCounter()
  for (const warning of run.warnings) counter.add(warning)
  for (const cell of cells) for (const warning of cell.warnings) counter.add(warning, warning.count)
  return counter.list()
}
