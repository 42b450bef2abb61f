/** Scenario × parameters × configuration × cache state → cells. */
import type { Image, OwnImage } from '../contracts/image.ts'
import type { ParamGrid, Scenario } from '../contracts/scenario.ts'
import type { ProfileName } from '../contracts/options.ts'
import type { CacheState, Cell } from '../contracts/cell.ts'
import { usageError } from '../contracts/error.ts'
import type { ResolvedCell } from '../contracts/plan.ts'
import { controlOf, withoutEngine, type Configuration } from './configuration.ts'
import { CONTROL_UNTIMED, type Driver, type DriverMeta } from '../contracts/driver.ts'
import { describeOptions, encodeOptions, parseOptions } from './options-schema.ts'
import { suggestion } from './suggest.ts'

/** `--set` by key: the values that a parameter takes instead of the profile's. */
export type Overrides = Readonly<Record<string, readonly string[]>>

export interface ParamSet {
  scenario: Scenario
  params: unknown
  /** Image of the cells of this set; made once, since a plan uses it often. */
  image: Image
  /** Canonical text of each parameter. */
  encoded: Record<string, string>
}

/**
 * Returns the parameter sets of a scenario: every grid of the profile, with overridden keys replaced, crossed; sets that
 * come out equal are merged.
 */
export function paramSets(
  scenario: Scenario,
  profile: ProfileName,
  overrides: Overrides,
  seed: number,
  own: OwnImage | null = null,
): ParamSet[] {
  const applicable = overridesFor(scenario, overrides)
  const grids =
    own === null
      ? scenario.profiles[profile].map((grid) => ({ ...grid, ...applicable }))
      : gridsOnOwnImage(scenario, profile, applicable, own)
  const found = new Map<string, ParamSet>()
  for (const grid of grids) {
    for (const raw of cross(grid)) {
      const params = parseOptions(scenario.params, raw, `scenario ${scenario.meta.id}`)
      const encoded = encodeOptions(scenario.params, params)
      const key = JSON.stringify(encoded)
      if (!found.has(key))
        found.set(key, { scenario, params, encoded, image: scenario.image(params, seed, own) })
    }
  }
  return [...found.values()]
}

/** Returns the grids of a scenario on the user's own image, which decides about some of the parameters. */
function gridsOnOwnImage(
  scenario: Scenario,
  profile: ProfileName,
  applicable: ParamGrid,
  own: OwnImage,
): ParamGrid[] {
  const { id } = scenario.meta
  const known = describeOptions(scenario.params).map(({ name }) => name)
  if (!known.includes('image'))
    throw usageError('own-image', `scenario ${id} brings its own image: it cannot be measured on --image`)
  const usual = () =>
    scenario.profiles[profile].map((grid) => ({
      ...grid,
      image: ['own'],
      ...(known.includes('layers') ? { layers: [String(own.layers.length)] } : {}),
    }))
  const grids = scenario.onOwnImage?.(own, profile, applicable) ?? usual()
  return grids.map((grid) => {
    const taken = Object.keys(applicable).find((name) => DECIDED.has(name) && name in grid)
    if (taken !== undefined)
      throw usageError(
        'own-image',
        `--set ${taken}: with --image, the image decides about it`,
        `leave it out`,
      )
    return { ...grid, ...applicable }
  })
}

/** Parameters that say of the image what it is. */
const DECIDED: ReadonlySet<string> = new Set(['image', 'layers', 'depth', 'size', 'compressibility'])

/** Throws a usage error when a `--set` key fits no selected scenario: a typing error must not pass silently. */
export function checkOverrides(scenarios: readonly Scenario[], overrides: Overrides): void {
  const ids = scenarios.map((scenario) => scenario.meta.id)
  for (const key of Object.keys(overrides)) {
    const { scope, name } = splitKey(key)
    if (scope !== null && !ids.includes(scope)) {
      throw usageError(
        'unknown-parameter',
        `--set ${key}: scenario ${scope} is not part of this run`,
        suggestion(scope, ids),
      )
    }
    const known = parameterNames(scenarios.filter(({ meta }) => scope === null || meta.id === scope))
    if (!known.includes(name)) {
      throw usageError(
        'unknown-parameter',
        `--set ${key}: ${scope === null ? 'no scenario of this run has a' : `scenario ${scope} has no`} parameter ${name}`,
        suggestion(name, known),
      )
    }
  }
}

function parameterNames(scenarios: readonly Scenario[]): string[] {
  const names = scenarios.flatMap(({ params }) => describeOptions(params).map((option) => option.name))
  return [...new Set(names)]
}

/** A configuration and the one that it is divided by; null for a control itself, and where there is none. */
interface Compared {
  configuration: Configuration
  control: Configuration | null
  /** Does the same without an engine; null where none is in the way, and where there is none. */
  withoutEngine: Configuration | null
}

/** Returns all cells. `controls`: those that the configurations are compared with come with them; else only what was asked for is there. */
export function planCells(
  configurations: readonly Configuration[],
  sets: readonly ParamSet[],
  caches: readonly CacheState[],
  drivers: readonly Driver[],
  controls: boolean,
): ResolvedCell[] {
  const compared = controls ? withControls(configurations, drivers) : amongThemselves(configurations, drivers)
  return compared.flatMap((one) =>
    sets.flatMap((paramSet) => caches.map((cache) => planCell(one, paramSet, cache))),
  )
}

/** Returns the configurations with their controls and equals without an engine, each after what it is compared with. */
function withControls(configurations: readonly Configuration[], drivers: readonly Driver[]): Compared[] {
  const all = new Map<string, Compared>()
  const compared = (configuration: Configuration) => ({
    configuration,
    control: controlOf(configuration, drivers),
    withoutEngine: withoutEngine(configuration, drivers),
  })
  const addOthersOf = (configuration: Configuration) => {
    const { control, withoutEngine: same } = compared(configuration)
    for (const other of [control, same]) {
      if (other === null || all.has(other.config.text)) continue
      addOthersOf(other)
      all.set(other.config.text, compared(other))
    }
  }
  configurations.forEach(addOthersOf)
  for (const configuration of configurations) all.set(configuration.config.text, compared(configuration))
  return [...all.values()]
}

/** Only what was given; one is compared with another where both were. */
function amongThemselves(configurations: readonly Configuration[], drivers: readonly Driver[]): Compared[] {
  const given = new Set(configurations.map(({ config }) => config.text))
  const ifGiven = (other: Configuration | null) =>
    other !== null && given.has(other.config.text) ? other : null
  return configurations.map((configuration) => ({
    configuration,
    control: ifGiven(controlOf(configuration, drivers)),
    withoutEngine: ifGiven(withoutEngine(configuration, drivers)),
  }))
}

function planCell(
  { configuration, control, withoutEngine: same }: Compared,
  set: ParamSet,
  cache: CacheState,
): ResolvedCell {
  const { driver, config } = configuration
  const { scenario, params, encoded } = set
  const image = imageFor(driver.meta, set.image)
  const cell: Cell = {
    id: cellId(config.text, scenario, encoded, cache),
    configuration: config.text,
    driver: config.driver,
    backing: config.backing,
    scenario: scenario.meta.id,
    params: encoded,
    label: scenario.label(params),
    subject: scenario.subject(params),
    cache,
    phases: phasesOf(configuration, scenario, params),
    image: image.id,
    ...(same === null ? {} : { withoutEngine: cellId(same.config.text, scenario, encoded, cache) }),
    control: control === null ? null : cellId(control.config.text, scenario, encoded, cache),
  }
  return { cell, driver, config, scenario, params, image }
}

/** Returns what a driver stores of a scenario's image: a control only what the workload touches. */
export function imageFor({ role }: Pick<DriverMeta, 'role'>, image: Image): Image {
  return role === 'control' ? (image.touched ?? image) : image
}

function phasesOf({ driver }: Configuration, scenario: Scenario, params: unknown): readonly string[] {
  const phases = scenario.meta.phasesOf?.(params) ?? scenario.meta.phases.map((phase) => phase.id)
  return driver.meta.role === 'control' ? phases.filter((phase) => !CONTROL_UNTIMED.includes(phase)) : phases
}

function cellId(
  config: string,
  scenario: Scenario,
  params: Record<string, string>,
  cache: CacheState,
): string {
  const values = Object.entries(params).map(([name, value]) => `${name}=${value}`)
  return [config, scenario.meta.id, ...values, cache].join(' ')
}

/** Returns the given values of a scenario's parameters, by their name. */
export function overridesFor(scenario: Scenario, overrides: Overrides): ParamGrid {
  const known = describeOptions(scenario.params).map((option) => option.name)
  const applicable: Record<string, readonly string[]> = {}
  for (const [key, values] of Object.entries(overrides)) {
    const { scope, name } = splitKey(key)
    if ((scope === null || scope === scenario.meta.id) && known.includes(name)) applicable[name] = values
  }
  return applicable
}

function splitKey(key: string): { scope: string | null; name: string } {
  const at = key.indexOf('.')
  return at < 0 ? { scope: null, name: key } : { scope: key.slice(0, at), name: key.slice(at + 1) }
}

function cross(grid: ParamGrid): Record<string, string>[] {
  let sets: Record<string, string>[] = [{}]
  for (const [key, values] of Object.entries(grid)) {
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [key]: value })))
  }
  return sets
}
