/** What a claim sees of a run: its cells, what each sample counted, and how cells compare. */
import type { Cell } from '../../harness/contracts/cell.ts'
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import type { AimedRatio } from '../summary/figures.ts'
import { compare, type Comparison } from '../summary/ratio.ts'
import { phasesOf } from '../summary/phases.ts'
import { measuredCell, Missing, type Measured } from './measured.ts'

/** How one cell compares with another in a phase. `ratio`: null while comparisons are only being collected. */
export interface Compared {
  answer: 'dearer' | 'cheaper' | 'same' | 'open'
  ratio: AimedRatio | null
}

export interface Look {
  readonly run: Run
  /** Returns a measured cell. Throws a `Missing` with the reason where it was not measured. */
  cell(configuration: string, scenario: string, params: Readonly<Record<string, string>>): Measured
  /** Returns the same, or null. */
  find(configuration: string, scenario: string, params: Readonly<Record<string, string>>): Measured | null
  /**
   * Compares the cost of `a` with that of `b`, in the same phase or in another of the same unit. Throws a `Missing` where no round
   * has both.
   */
  compare(a: Measured, b: Measured, phase: string, phaseOfB?: string): Compared
}

/** Looks at a run. `judged`: answers by key; null: comparisons are only collected, into `made`. */
export function createLook(
  run: Run,
  samples: ReadonlyMap<string, readonly Sample[]>,
  made: Map<string, Comparison>,
  judged: ReadonlyMap<string, AimedRatio> | null,
): Look {
  function find(configuration: string, scenario: string, params: Readonly<Record<string, string>>): Measured {
    const cell = run.cells.find((one) => one.configuration === configuration && fits(one, scenario, params))
    if (cell === undefined) throw new Missing(`this run has no cell of ${configuration} in ${scenario}`)
    const own = samples.get(cell.id) ?? []
    if (own.length === 0) throw new Missing(whyNot(run, cell))
    const info = run.scenarios.find(({ id }) => id === scenario)
    return measuredCell(
      cell,
      own,
      info === undefined ? [] : phasesOf(cell, info),
      run.images[cell.image] ?? null,
    )
  }
  return {
    run,
    cell: find,
    find(configuration, scenario, params) {
      try {
        return find(configuration, scenario, params)
      } catch (error) {
        if (error instanceof Missing) return null
        throw error
      }
    },
    compare(a, b, phase, phaseOfB = phase) {
      const key = [a.cell.id, b.cell.id, phase, phaseOfB].join(' | ')
      if (judged !== null) {
        const ratio = judged.get(key)
        if (ratio === undefined) throw new Missing(`no round has both ${a.cell.id} and ${b.cell.id}`)
        return { answer: ratio.answer.is, ratio }
      }
      const comparison = compare(a.byRound(phase), b.byRound(phaseOfB), { better: a.phase(phase).better })
      if (comparison === null) throw new Missing(`no round has both ${a.cell.id} and ${b.cell.id}`)
      made.set(key, comparison)
      return { answer: 'open', ratio: null }
    },
  }
}

function fits(cell: Cell, scenario: string, params: Readonly<Record<string, string>>): boolean {
  if (cell.scenario !== scenario) return false
  return Object.entries(params).every(([name, value]) => cell.params[name] === value)
}

/** Drivers that a machine of the lab runs, where the kernel of this one does not. */
const IN_THE_LAB: ReadonlySet<string> = new Set(['devicemapper', 'zfs'])

/** Why a cell of the plan has no samples, with what would help. */
function whyNot(run: Run, { id, configuration, driver }: Cell): string {
  const outcome = run.outcomes[id]
  if (outcome === undefined || !('reason' in outcome)) return `${configuration} has too few samples`
  const reason = `${configuration} did not run: ${outcome.reason.split('\n')[0]}`
  if (outcome.state !== 'unsupported') return reason
  return `${reason}; ${IN_THE_LAB.has(driver) ? 'a machine of bench lab has it: bench lab up' : outcome.hint}`
}
