/** Requests of a validation: configurations beside their equals, and beside themselves with a known delay. */
import type { DriverMeta } from '../../contracts/driver.ts'
import { UNBOUNDED_ROUNDS } from '../../plan/plan.ts'
import type { Request } from '../../plan/request.ts'

/**
 * `alike`: is a difference found where there is none? `delays`: is one found that is there? The same of one scenario each
 * where dm-delay is there: `flush-delays`, and `phase-delays` of what flushes nothing. Before them a `pilot` finds how large
 * the delays have to be.
 */
export type Part = 'alike' | 'delays' | 'pilot' | 'flush-delays' | 'phase-delays'

/** For all runs together, from calibration to report. */
export const DEFAULT_BUDGET = { quick: '4m', full: '50m' } as const

/** The configurations that are measured. */
export interface Configurations {
  /** Delays are injected into copies of it. */
  delayed: string
  /** A false alarm is looked for where other mechanisms work, too. */
  others: readonly string[]
}

export interface ValidationOptions {
  configurations: Configurations
  quick: boolean
  part: Part
  /** On the host as it is, and on one whose disk is disturbed. */
  load: 'none' | 'disk'
  /** For this run. */
  seconds: number
  /** Delays of `flush-delays`, in whole milliseconds. */
  flushDelays?: readonly number[]
  place: ValidationPlace
}

/** Options as on the command line of a run. */
export type ValidationPlace = Pick<Request, 'seed' | 'scratch' | 'output'>

/** The label of a configuration that is another's equal in everything. */
const TWIN = 'again'
/** Shares by which a configuration is made slower on purpose, by the label that says so. */
const DELAYS: Readonly<Record<string, string>> = {
  plus5: '5%',
  plus10: '10%',
  plus25: '25%',
  plus50: '50%',
  plus100: '100%',
}
/** Intended effects of the flush delays; the real effect is measured. */
export const AIMED_SHARES: readonly number[] = [0.05, 0.1, 0.25, 0.5, 1]
/** Its delay is the longest tick of a kernel, and says nothing: what counts are the flushes that were delayed. */
const PILOT_DELAY = '10ms/flush'
const PILOT_ROUNDS = '5'

/** Returns the showcases of the drivers that are there for validation. Throws when there are none. */
export function validated(drivers: readonly Pick<DriverMeta, 'validates' | 'showcase'>[]): Configurations {
  const [delayed, ...others] = drivers.flatMap((meta) => (meta.validates === true ? meta.showcase : []))
  if (delayed === undefined) throw new Error('no driver is there for validation')
  return { delayed, others }
}

export function validationRequest(options: ValidationOptions): Request {
  const { part, load, seconds, place } = options
  const common = { ...place, profile: 'quick', controls: 'off', load }
  if (part === 'pilot') return { ...common, ...pilot(options), calibration: 'none', rounds: PILOT_ROUNDS }
  return {
    ...common,
    ...(part === 'alike' ? alike(options) : delays(part, options)),
    // One calibration for all: they follow each other on the same host.
    calibration: part === 'alike' && load === 'none' ? 'brief' : 'none',
    budget: `${seconds}s`,
    // No cell is done before its time is up: each round is one more chance of a false alarm, and of finding a delay.
    rounds: String(UNBOUNDED_ROUNDS),
  }
}

/** Small work, so that there are many rounds of it. */
function alike({ quick, configurations: { delayed, others } }: ValidationOptions): Measured {
  const configurations = quick ? [delayed] : [delayed, ...others]
  return {
    driver: configurations.flatMap((text) => [text, `${text}#${TWIN}`]),
    scenario: ['bigfile', 'smallwrites', 'startup', 'metadata'],
    set: {
      'bigfile.size': ['1M'],
      'smallwrites.op': ['create-many'],
      'smallwrites.files': ['100'],
      'metadata.depth': ['8'],
      image: ['tiny'],
    },
  }
}

type Measured = Pick<Request, 'driver' | 'scenario' | 'set'>

const SCENARIOS = {
  delays: ['bigfile', 'startup'],
  'flush-delays': ['bigfile'],
  'phase-delays': ['startup'],
} as const

/** The twin is beside them: what it shows is by how much chance alone moves such a ratio. */
function delays(
  part: keyof typeof SCENARIOS,
  { quick, flushDelays = [], configurations: { delayed } }: ValidationOptions,
): Measured & Pick<Request, 'inject'> {
  const byLabel = part === 'flush-delays' ? flushDelays.map(ofFlushes) : Object.entries(DELAYS)
  const injected = byLabel.map(([label, delay]) => [`${delayed}#${label}`, delay] as const)
  return {
    driver: [delayed, `${delayed}#${TWIN}`, ...injected.map(([text]) => text)],
    inject: Object.fromEntries(injected),
    ...workOf(SCENARIOS[part], quick),
  }
}

/** Labelled by what is asked for: what share that comes to, only the run itself can tell. */
function ofFlushes(milliseconds: number): [label: string, delay: string] {
  return [`flush-${milliseconds}ms`, `${milliseconds}ms/flush`]
}

/** The control is what is not delayed. */
function pilot({
  quick,
  configurations: { delayed },
}: ValidationOptions): Measured & Pick<Request, 'inject'> {
  const slowed = `${delayed}#pilot`
  return {
    driver: [delayed, slowed],
    inject: { [slowed]: PILOT_DELAY },
    ...workOf(SCENARIOS['flush-delays'], quick),
  }
}

function workOf(scenarios: readonly string[], quick: boolean): Pick<Request, 'scenario' | 'set'> {
  const sets: Record<string, string[]> = {}
  if (scenarios.includes('bigfile')) sets['bigfile.size'] = [quick ? '16M' : '256M']
  if (scenarios.includes('startup')) sets['image'] = ['tiny']
  return { scenario: [...scenarios], set: sets }
}
