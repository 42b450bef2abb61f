/** Options → a frozen plan: what `bench plan` prints and `bench run` does. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Driver } from '../contracts/driver.ts'
import { usageError } from '../contracts/error.ts'
import type { CacheState, ProfileName, Scenario } from '../contracts/scenario.ts'
import type { RunOptions } from '../contracts/run.ts'
import { checkOverrides, paramSets, planCells, type PlannedCell } from './cells.ts'
import { parseConfigurations } from './configuration.ts'
import { estimate, type Estimate } from './estimate.ts'
import { durationOf, integerOf, sizeOf, wordOf, type Request } from './request.ts'
import { suggestion } from './suggest.ts'

const PROFILES = ['quick', 'standard', 'thorough'] as const satisfies readonly ProfileName[]
const ROUNDS: Readonly<Record<ProfileName, number>> = { quick: 5, standard: 10, thorough: 20 }
const DEFAULT_CACHE: Readonly<Record<ProfileName, string>> = {
  quick: 'warm',
  standard: 'warm',
  thorough: 'both',
}
const DEFAULT_SEED = 1
/** Devices are divided at whole mebibytes. */
const MIB = 1024 ** 2

export interface Registry {
  readonly drivers: readonly Driver[]
  readonly scenarios: readonly Scenario[]
}

export interface Plan {
  options: RunOptions
  cells: PlannedCell[]
  estimate: Estimate
  /** Where runs go. */
  output: string
  /** A device with a signature that may be overwritten all the same: its by-id name or serial. */
  destroy: string | null
}

/** `~/.local/state/bench`, or below XDG_STATE_HOME. */
export function stateDirectory(): string {
  const base = process.env['XDG_STATE_HOME']
  return join(base === undefined || base === '' ? join(homedir(), '.local', 'state') : base, 'bench')
}

/** Throws a usage error for whatever in the request is wrong; changes nothing. */
export function makePlan(request: Request, registry: Registry): Plan {
  const profile = wordOf('--profile', request.profile ?? 'quick', PROFILES)
  const seed = integerOf('--seed', request.seed ?? String(DEFAULT_SEED), 0, 2 ** 31 - 1)
  const configurations = parseConfigurations(required(request.driver, '--driver'), registry.drivers)
  const scenarios = selectScenarios(required(request.scenario, '--scenario'), registry.scenarios)
  const overrides = request.set ?? {}
  checkOverrides(scenarios, overrides)
  const sets = scenarios.flatMap((scenario) => paramSets(scenario, profile, overrides, seed))
  const cells = planCells(configurations, sets, caches(request, profile), registry.drivers)
  const need = estimate(cells)
  return {
    options: {
      drivers: [...new Set(cells.map((cell) => cell.driver))],
      requested: configurations.map((configuration) => configuration.config.text),
      scenarios: scenarios.map((scenario) => scenario.meta.id),
      profile,
      rounds: integerOf('--rounds', request.rounds ?? String(ROUNDS[profile]), 1, 100_000),
      budgetSeconds: request.budget === undefined ? null : durationOf('--budget', request.budget),
      seed,
      scratch: scratchOf(request, need),
    },
    cells,
    estimate: need,
    output: resolve(request.output ?? 'bench-runs'),
    destroy: request.destroy ?? null,
  }
}

function required(value: string[] | undefined, flag: string): string[] {
  if (value === undefined || value.length === 0) {
    throw usageError('missing-option', `${flag} is missing`, `for example: ${flag} all; see bench list`)
  }
  return value
}

function selectScenarios(list: readonly string[], scenarios: readonly Scenario[]): Scenario[] {
  const ids = scenarios.map((scenario) => scenario.meta.id)
  const wanted = new Set(
    list.flatMap((item) => item.split(',')).flatMap((item) => (item.trim() === 'all' ? ids : [item.trim()])),
  )
  return [...wanted].map((id) => {
    const scenario = scenarios.find((candidate) => candidate.meta.id === id)
    if (scenario === undefined)
      throw usageError('unknown-scenario', `there is no scenario ${id}`, suggestion(id, [...ids, 'all']))
    return scenario
  })
}

function caches(request: Request, profile: ProfileName): CacheState[] {
  const word = wordOf('--cache', request.cache ?? DEFAULT_CACHE[profile], ['cold', 'warm', 'both'])
  return word === 'both' ? ['cold', 'warm'] : [word]
}

function scratchOf(request: Request, need: Estimate): RunOptions['scratch'] {
  if (request.scratch !== undefined && request.device !== undefined) {
    throw usageError(
      'conflict',
      '--scratch and --device exclude each other',
      'a folder for loop files, or a device given over',
    )
  }
  if (request.destroy !== undefined && request.device === undefined) {
    throw usageError('conflict', '--destroy needs --device')
  }
  const given =
    request['scratch-size'] === undefined ? null : sizeOf('--scratch-size', request['scratch-size'])
  return {
    kind: request.device === undefined ? 'loop' : 'device',
    path: resolve(request.device ?? request.scratch ?? join(stateDirectory(), 'scratch')),
    size: given === null ? need.scratchSize : Math.ceil(given / MIB) * MIB,
  }
}

/** Where the journals of runs are. */
export function journalDirectory(): string {
  return join(stateDirectory(), 'journal')
}
