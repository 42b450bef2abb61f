import { BenchError } from '../contracts/error.ts'
import type { Plan, Registry, ResolvedCell } from '../contracts/plan.ts'
import { imageFor } from './cells.ts'
import { parseConfiguration } from './configuration.ts'
import { parseOptions } from './options-schema.ts'
import { findScenario } from './scenarios.ts'

/**
 * Finds the objects that the cells of a plan name. Cells of equal parameters get the same objects. Throws a usage error for
 * what the registry does not have, and `plan.image` where a scenario makes another image than when the plan was made.
 */
export function resolveCells(
  { cells, options }: Pick<Plan, 'cells' | 'options'>,
  { drivers, scenarios, own = null }: Registry,
): ResolvedCell[] {
  const configurationOf = remember((text: string) => parseConfiguration(text, drivers))
  const scenarioOf = (id: string) => findScenario(id, scenarios)
  const workOf = remember((key: string) => {
    const [id, encoded] = JSON.parse(key) as [string, Record<string, string>]
    const scenario = scenarioOf(id)
    const params = parseOptions(scenario.params, encoded, `scenario ${id}`)
    return { scenario, params, image: scenario.image(params, options.seed, own) }
  })
  return cells.map((cell) => {
    const { driver, config } = configurationOf(cell.configuration)
    const work = workOf(JSON.stringify([cell.scenario, cell.params]))
    const image = imageFor(driver.meta, work.image)
    if (image.id !== cell.image) throw otherImage(cell.id, cell.image, image.id)
    return { cell, driver, config, ...work, image }
  })
}

function remember<T>(make: (key: string) => T): (key: string) => T {
  const known = new Map<string, T>()
  return (key) => {
    const value = known.get(key) ?? make(key)
    known.set(key, value)
    return value
  }
}

function otherImage(cell: string, planned: string, made: string): BenchError {
  return new BenchError(`cell ${cell} was planned on the image ${planned}, but its scenario makes ${made}`, {
    code: 'plan.image',
    hint: 'the plan was made by another version of bench: make it again',
  })
}
