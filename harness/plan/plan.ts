/** Request → a frozen plan: what `bench plan` prints and `bench run` does. */
import type { Driver } from '../contracts/driver.ts'
import { usageError } from '../contracts/error.ts'
import type { CacheState, Cell } from '../contracts/cell.ts'
import { type ProfileName, type RunOptions, SAME } from '../contracts/options.ts'
import type { Estimate, Plan, Registry, WhyAbsent } from '../contracts/plan.ts'
import { scratchDirectory } from '../linux/xdg.ts'
import { roundsToShow } from '../statistics/rounds-to-show.ts'
import { checkOverrides, overridesFor, type ParamSet, paramSets, planCells } from './cells.ts'
import { parseConfiguration, parseConfigurations, type Configuration } from './configuration.ts'
import { estimate } from './estimate.ts'
import { fitBudget } from './fit-budget.ts'
import { thresholdsOf } from './gate.ts'
import { durationOf, injectionOf, integerOf, shareOf, wordOf, type Request } from './request.ts'
import { selectScenarios } from './scenarios.ts'
import { placePlan } from './scratch.ts'
import { suggestion } from './suggest.ts'

const PROFILES = ['quick', 'standard', 'thorough'] as const satisfies readonly ProfileName[]
const LEAST_ROUNDS: Readonly<Record<ProfileName, number>> = { quick: 3, standard: 5, thorough: 20 }
/** Maximum rounds where neither the answers nor a budget end a run. */
const MOST_ROUNDS: Readonly<Record<ProfileName, number>> = { quick: 5, standard: 40, thorough: 100 }
/** Number of rounds that no run reaches: only the precision and the budget end such a run. */
export const UNBOUNDED_ROUNDS = 100_000
/** Half the width of a headline ratio's interval, as a share of the ratio. */
const DEFAULT_PRECISION = '3%'
/** Two costs within this are about the same. */
const DEFAULT_SAME = `${100 * SAME}%`
/** Seconds after which a profile begins no round, where the user sets no rounds and no budget himself. */
const DEFAULT_BUDGET: Readonly<Record<ProfileName, number | null>> = {
  quick: null,
  standard: 35 * 60,
  thorough: null,
}
const DEFAULT_CALIBRATION: Readonly<Record<ProfileName, RunOptions['calibration']>> = {
  quick: 'brief',
  standard: 'brief',
  thorough: 'full',
}
const DEFAULT_CACHE: Readonly<Record<ProfileName, string>> = {
  quick: 'warm',
  standard: 'warm',
  thorough: 'both',
}
const DEFAULT_SEED = 1
/** Rounds that the test of few rounds needs. */
const FEWEST_TO_ANSWER = 3

/**
 * Makes the plan of a request. Throws a usage error for whatever in the request is wrong; changes nothing. `whyAbsent`: of the
 * machine that it is measured on, where that is known; what is absent takes no time of a budget.
 */
export function makePlan(request: Request, registry: Registry, whyAbsent?: WhyAbsent): Plan {
  const profile = wordOf('--profile', request.profile ?? 'quick', PROFILES)
  const seed = integerOf('--seed', request.seed ?? String(DEFAULT_SEED), 0, 2 ** 31 - 1)
  const configurations = parseConfigurations(required(request.driver, '--driver'), registry.drivers)
  const scenarios = selectScenarios(required(request.scenario, '--scenario'), registry.scenarios)
  const overrides = request.set ?? {}
  checkOverrides(scenarios, overrides)
  const controls = wordOf('--controls', request.controls ?? 'on', ['on', 'off']) === 'on'
  const states = caches(request, profile)
  const asked = request.budget === undefined ? null : durationOf('--budget', request.budget)
  const cellsOf = (sets: readonly ParamSet[]) =>
    planCells(configurations, sets, states, registry.drivers, controls)
  const all = scenarios.flatMap((scenario) => paramSets(scenario, profile, overrides, seed, registry.own))
  const { sets, leftOut } =
    asked === null
      ? { sets: all, leftOut: [] }
      : fitBudget(
          all,
          asked,
          (some) => secondsOf(estimate(cellsOf(some), whyAbsent), roundsInBudget(request)),
          ({ scenario }, parameter) => parameter in overridesFor(scenario, overrides),
        )
  const resolved = cellsOf(sets)
  const cells = resolved.map(({ cell }) => cell)
  const options = {
    configurations: [...new Set(cells.map((cell) => cell.configuration))],
    requested: configurations.map((configuration) => configuration.config.text),
    scenarios: scenarios.map((scenario) => scenario.meta.id),
    image: registry.own?.facts ?? null,
    profile,
    ...roundsOf(request, profile, cells),
    precision: shareOf('--precision', request.precision ?? DEFAULT_PRECISION),
    same: shareOf('--same', request.same ?? DEFAULT_SAME),
    budgetSeconds: asked ?? usualBudget(request, profile),
    leftOut: leftOut.map(({ scenario, params }) => `${scenario.meta.id} ${scenario.label(params)}`),
    calibration: wordOf('--calibration', request.calibration ?? DEFAULT_CALIBRATION[profile], [
      'none',
      'brief',
      'full',
    ]),
    injected: injectedInto(request, configurations, registry.drivers),
    gate: thresholdsOf(
      request.gate ?? {},
      scenarios.map(({ meta }) => meta),
      '--gate',
    ),
    load: wordOf('--load', request.load ?? 'none', ['none', 'disk']),
    seed,
  }
  return placePlan({ options, cells, estimate: estimate(resolved, whyAbsent) }, request, scratchDirectory())
}

/** A user who gives a number of rounds wants that many, however long they take. */
function usualBudget(request: Request, profile: ProfileName): number | null {
  const setsRounds = request.rounds !== undefined || request['max-rounds'] !== undefined
  return setsRounds ? null : DEFAULT_BUDGET[profile]
}

function secondsOf({ seconds }: Estimate, rounds: number): number {
  return seconds.setUp + rounds * seconds.round
}

/** Returns the rounds that have to fit a budget: those that were asked for, or the fewest that can answer. */
function roundsInBudget(request: Request): number {
  return request.rounds === undefined
    ? FEWEST_TO_ANSWER
    : integerOf('--rounds', request.rounds, 1, UNBOUNDED_ROUNDS)
}

/**
 * Returns the minimum and maximum number of rounds. A user who gives a number wants exactly that; one who gives a budget
 * wants it used as long as it makes the figures better.
 */
function roundsOf(
  request: Request,
  profile: ProfileName,
  cells: readonly Cell[],
): Pick<RunOptions, 'rounds' | 'maxRounds'> {
  const most =
    request['max-rounds'] === undefined
      ? null
      : integerOf('--max-rounds', request['max-rounds'], 1, UNBOUNDED_ROUNDS)
  const usual = request.budget === undefined ? leastRounds(profile, cells) : FEWEST_TO_ANSWER
  const least =
    request.rounds === undefined
      ? Math.min(usual, most ?? UNBOUNDED_ROUNDS)
      : integerOf('--rounds', request.rounds, 1, UNBOUNDED_ROUNDS)
  if (most !== null && most < least) {
    throw usageError('conflict', `--max-rounds ${most} is less than --rounds ${least}`)
  }
  if (most !== null) return { rounds: least, maxRounds: most }
  if (request.budget !== undefined) return { rounds: least, maxRounds: UNBOUNDED_ROUNDS }
  return { rounds: least, maxRounds: request.rounds === undefined ? MOST_ROUNDS[profile] : least }
}

/** The ranks by themselves need more rounds the more cells are compared: a thorough run has as many as they need. */
function leastRounds(profile: ProfileName, cells: readonly Cell[]): number {
  const least = LEAST_ROUNDS[profile]
  if (profile !== 'thorough') return least
  return Math.max(least, roundsToShow(cells.filter(({ control }) => control !== null).length))
}

/** `--inject overlay2#slow=5%`, `--inject overlay2#slow=20ms/flush`: of configurations that are part of the run. */
function injectedInto(
  { inject = {} }: Request,
  configurations: readonly Configuration[],
  drivers: readonly Driver[],
): RunOptions['injected'] {
  const given = configurations.map(({ config }) => config.text)
  const injected: RunOptions['injected'] = {}
  for (const [text, delay] of Object.entries(inject)) {
    const canonical = parseConfiguration(text, drivers).config.text
    if (!given.includes(canonical)) {
      throw usageError(
        'inject',
        `--inject ${text}: this configuration is not part of --driver`,
        suggestion(canonical, given),
      )
    }
    injected[canonical] = injectionOf(`--inject ${text}`, delay)
  }
  return injected
}

function required(value: string[] | undefined, flag: string): string[] {
  if (value === undefined || value.length === 0) {
    throw usageError(
      'missing-option',
      `${flag} is missing`,
      `for example: ${flag} all; see bench list drivers and bench list scenarios`,
    )
  }
  return value
}

function caches(request: Request, profile: ProfileName): CacheState[] {
  const word = wordOf('--cache', request.cache ?? DEFAULT_CACHE[profile], ['cold', 'warm', 'both'])
  return word === 'both' ? ['cold', 'warm'] : [word]
}
