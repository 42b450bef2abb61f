/** The scenarios that a request or a plan names. */
import { usageError } from '../contracts/error.ts'
import type { Scenario } from '../contracts/scenario.ts'
import { suggestion } from './suggest.ts'

/** Finds a scenario by its id. Throws a usage error with the nearest id. */
export function findScenario(id: string, scenarios: readonly Scenario[]): Scenario {
  const scenario = scenarios.find(({ meta }) => meta.id === id)
  if (scenario !== undefined) return scenario
  const ids = scenarios.map(({ meta }) => meta.id)
  throw usageError('unknown-scenario', `there is no scenario ${id}`, suggestion(id, [...ids, 'all']))
}

/** Reads a comma-separated list; `all` stands for every scenario. Duplicates are merged. */
export function selectScenarios(list: readonly string[], scenarios: readonly Scenario[]): Scenario[] {
  const ids = list
    .flatMap((item) => item.split(','))
    .flatMap((item) => (item.trim() === 'all' ? scenarios.map(({ meta }) => meta.id) : [item.trim()]))
  return [...new Set(ids)].map((id) => findScenario(id, scenarios))
}
