/** What a validation measures: configurations beside their equals, and beside themselves with a known delay. */
import type { Request } from '../plan/request.ts'

/** `alike`: is a difference found where there is none? `delays`: is one found that is there? */
export type Part = 'alike' | 'delays'

/** For all runs together, from calibration to report. */
export const DEFAULT_BUDGET = { quick: '4m', full: '50m' } as const

export interface ValidationOptions {
  quick: boolean
  part: Part
  /** On the host as it is, and on one whose disk is disturbed. */
  load: 'none' | 'disk'
  /** For this run. */
  seconds: number
  place: ValidationPlace
}

/** As on the command line of a run. */
export type ValidationPlace = Pick<Request, 'seed' | 'scratch' | 'output'>

/** The label of a configuration that is another's equal in everything. */
const TWIN = 'again'
/** Shares by which a configuration is made slower on purpose, by the label that says so. */
const DELAYS: Readonly<Record<string, string>> = { plus2: '2%', plus5: '5%', plus10: '10%' }
const DELAYED = 'overlay2'
/** A false alarm is looked for where other mechanisms work, too. */
const OTHERS = ['overlay2@xfs', 'btrfs']

/** No cell is to be done before its time is up: each round is one more chance of a false alarm, and of finding a delay. */
const NEVER_REACHED = '0.1%'

export function validationRequest(options: ValidationOptions): Request {
  const { part, load, seconds, place } = options
  return {
    ...place,
    ...(part === 'alike' ? alike(options) : delays(options)),
    profile: 'quick',
    controls: 'off',
    // One calibration for all: they follow each other on the same host.
    calibration: part === 'alike' && load === 'none' ? 'brief' : 'none',
    load,
    budget: `${seconds}s`,
    rounds: '10',
    precision: NEVER_REACHED,
  }
}

/** Small work, so that there are many rounds of it. */
function alike({ quick }: ValidationOptions): Pick<Request, 'driver' | 'scenario' | 'set'> {
  const configurations = quick ? [DELAYED] : [DELAYED, ...OTHERS]
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

/** The twin is beside them: what it shows is by how much chance alone moves such a ratio. */
function delays({ quick }: ValidationOptions): Pick<Request, 'driver' | 'scenario' | 'set' | 'inject'> {
  const delayed = Object.entries(DELAYS).map(([label, share]) => [`${DELAYED}#${label}`, share] as const)
  return {
    driver: [DELAYED, `${DELAYED}#${TWIN}`, ...delayed.map(([text]) => text)],
    scenario: ['bigfile', 'startup'],
    inject: Object.fromEntries(delayed),
    set: { 'bigfile.size': [quick ? '16M' : '256M'], image: ['tiny'] },
  }
}
