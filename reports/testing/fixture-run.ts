import type { Cell, Outcome } from '../../harness/contracts/cell.ts'
import type { Run } from '../../harness/contracts/run.ts'
import type { Sample } from '../../harness/contracts/sample.ts'
import { FIXTURE_CALIBRATION } from './fixture-calibration.ts'
import {
  type Behaviour,
  FIXTURE_CONFIGURATIONS,
  LABELLED_CONFIGURATIONS,
  MORE_CONFIGURATIONS,
  UNSUPPORTED_CONFIGURATION,
  UNSUPPORTED_OUTCOME,
} from './fixture-configurations.ts'
import { environment, START } from './fixture-environment.ts'
import {
  FAILURE,
  isAbsent,
  isFailing,
  measureAll,
  type Planned,
  SECONDS_A_SAMPLE,
} from './fixture-samples.ts'
import { METADATA } from './fixture-metadata.ts'
import { FIXTURE_SCENARIOS, type FixtureScenario } from './fixture-scenarios.ts'
import { Noise } from './random.ts'

/** Sixteen configurations with the one that cannot run: a run of every driver. */
export const EVERY_CONFIGURATION: readonly string[] = [...FIXTURE_CONFIGURATIONS, ...MORE_CONFIGURATIONS].map(
  ({ info }) => info.configuration,
)

/** The scenarios of such a run: five questions. */
export const EVERY_SCENARIO: readonly string[] = [...FIXTURE_SCENARIOS, METADATA].map(({ info }) => info.id)

export interface FixtureOptions {
  seed?: number
  rounds?: number
  /** Driver configurations to keep, of those that can run; default all nine without a label. */
  configurations?: readonly string[]
  /** Scenarios to keep; default all three that are not `metadata`. */
  scenarios?: readonly string[]
  /** An interrupted run ends in the middle of its last round. */
  state?: Run['state']
}

export interface FixtureRun {
  run: Run
  samples: Sample[]
}

/** A realistic, valid run: seeded, so the same figures every time. */
export function fixtureRun(options: FixtureOptions = {}): FixtureRun {
  const { run, samples } = fixtureStream(options)
  return { run, samples: [...samples] }
}

/** The same one sample at a time, once: for runs that are too large to be held. */
export function fixtureStream(options: FixtureOptions = {}): { run: Run; samples: Iterable<Sample> } {
  const { seed = 7, rounds = 12, state = 'completed' } = options
  const known =
    options.configurations === undefined
      ? FIXTURE_CONFIGURATIONS
      : [...FIXTURE_CONFIGURATIONS, ...MORE_CONFIGURATIONS, ...LABELLED_CONFIGURATIONS]
  const kept = known.filter(({ info }) => options.configurations?.includes(info.configuration) ?? true)
  const offered = options.scenarios === undefined ? FIXTURE_SCENARIOS : [...FIXTURE_SCENARIOS, METADATA]
  const scenarios = offered.filter(({ info }) => options.scenarios?.includes(info.id) ?? true)
  const planned = [...kept, UNSUPPORTED_CONFIGURATION].flatMap((behaviour) =>
    scenarios.flatMap((scenario) => scenario.sets.map((set) => plan(behaviour, scenario, set))),
  )
  const runnable = planned.filter(({ behaviour }) => behaviour !== UNSUPPORTED_CONFIGURATION)
  const seconds = runnable.length * rounds * SECONDS_A_SAMPLE
  const run: Run = {
    ...environment(seed, rounds, state, [...kept, UNSUPPORTED_CONFIGURATION]),
    endedAt: state === 'completed' ? new Date(START + seconds * 1000).toISOString() : null,
    drivers: [...kept, UNSUPPORTED_CONFIGURATION].map(({ info }) => info),
    scenarios: scenarios.map(({ info }) => info),
    images: Object.fromEntries(scenarios.map(({ image }) => [image, imageInfo(image)])),
    cells: planned.map(({ cell }) => cell),
    outcomes: Object.fromEntries(
      planned.map(({ cell, behaviour }) => [cell.id, outcomeOf(cell, behaviour, state)]),
    ),
    calibration: FIXTURE_CALIBRATION,
    stopped: state === 'completed' ? 'rounds' : null,
    warnings: [
      { code: 'host.governor', message: 'the CPU governor is ondemand; figures may vary with the clock' },
    ],
  }
  return { run, samples: measureAll(runnable, rounds, state === 'interrupted', new Noise(seed)) }
}

function plan(
  behaviour: Behaviour,
  scenario: FixtureScenario,
  set: FixtureScenario['sets'][number],
): Planned {
  const { params, label, subject } = set
  const phases = set.phases.filter((phase) => !isAbsent(behaviour, phase))
  const text = Object.entries(params)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const id = (configuration: string) => `${configuration} | ${scenario.info.id} | ${text} | cold`
  const control = behaviour.info.role === 'control' ? null : id(behaviour.control)
  const { configuration } = behaviour.info
  const own = { id: id(configuration), configuration, driver: behaviour.info.id, backing: behaviour.backing }
  const cell: Cell = {
    ...own,
    scenario: scenario.info.id,
    params,
    label,
    subject,
    cache: 'warm',
    phases,
    image: scenario.image,
    control,
  }
  return { cell, behaviour, scenario }
}

function outcomeOf(cell: Cell, behaviour: Behaviour, state: Run['state']): Outcome {
  if (behaviour === UNSUPPORTED_CONFIGURATION) return UNSUPPORTED_OUTCOME
  if (isFailing(cell)) return FAILURE
  return state === 'completed' ? { state } : { state: 'pending' }
}

function imageInfo(image: string) {
  const manifest = Buffer.from(image.padEnd(32, '.')).toString('hex').slice(0, 64)
  return { layers: 8, files: 1090, bytes: 94 * 1024 ** 2, manifest }
}
