import type { ScenarioInfo } from '../../harness/contracts/run.ts'
import { groupBy } from './group-by.ts'
import { axisOf, comparisonKey, findAxisKey, numericKeys, stemOf } from './axis.ts'
import type { Axis, CellSummary } from './types.ts'

/** Cells that can be compared with each other, before anything is computed of them. */
export interface Group {
  scenario: ScenarioInfo
  title: string
  axis: Axis | null
  cells: readonly CellSummary[]
}

/** Groups the cells of each scenario by cache state, headline and all parameters but one axis. */
export function groupCells(scenarios: readonly ScenarioInfo[], cells: readonly CellSummary[]): Group[] {
  return scenarios.flatMap((scenario) => {
    const groups = partition(cells.filter(({ cell }) => cell.scenario === scenario.id))
    const varying = findVarying(groups)
    return groups.map(({ axis, cells: own }) => {
      const title = groups.length === 1 && axis !== null ? '' : titleOf(own[0] as CellSummary, axis, varying)
      return { scenario, axis, cells: own, title }
    })
  })
}

type Part = Pick<Group, 'axis' | 'cells'>

/** First apart by what is not a number, since each kind of workload may have an axis of its own; then by the rest. */
function partition(cells: readonly CellSummary[]): Part[] {
  const numeric = numericKeys(cells)
  const names = numeric.map(({ name }) => name)
  return [...groupBy(cells, (cell) => comparisonKey(cell, names)).values()].flatMap((kind) => {
    const key = findAxisKey(kind, numeric)
    const groups = groupBy(kind, (cell) => comparisonKey(cell, key === null ? [] : [key.name]))
    return [...groups.values()].map((own) => ({
      cells: own,
      axis: key === null ? null : axisOf(own, key),
    }))
  })
}

interface Varying {
  names: readonly string[]
  /** Parameters that are an axis of shares for some cells, and a word for others. */
  stems: readonly string[]
  cache: boolean
}

/** Returns the key that distinguishes the groups of a scenario. */
function findVarying(groups: readonly Part[]): Varying {
  const cells = groups.flatMap((group) => group.cells.map(({ cell }) => cell))
  const axes = new Set(groups.map(({ axis }) => axis?.key))
  const names = [...new Set(cells.flatMap((cell) => Object.keys(cell.params)))]
  const stems = groups.flatMap(({ axis }) => (axis?.kind === 'share' ? [axis.key] : []))
  return {
    stems: [...new Set(stems)],
    names: names.filter(
      (name) => !axes.has(name) && new Set(cells.map((cell) => cell.params[name])).size > 1,
    ),
    cache: new Set(cells.map((cell) => cell.cache)).size > 1,
  }
}

/**
 * Returns the title of a panel: without an axis the scenario's own label of the parameters, with one the other parameters
 * that vary.
 */
function titleOf({ cell }: CellSummary, axis: Axis | null, varying: Varying): string {
  const stems = varying.stems.map((name) => `${name} ${stemOf(cell.params[name] ?? '')}`.trim())
  const params = varying.names.map((name) => `${name} ${cell.params[name] ?? 'not set'}`)
  const told = axis === null ? [cell.label] : [...stems, ...params]
  return [...told, ...(varying.cache ? [`${cell.cache} cache`] : [])].join(', ')
}
